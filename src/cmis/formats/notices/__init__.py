"""Bill notices from one model: printed slip, SMS, e-mail (the A4 page is in ``einvoice.pdf``)."""
