"""The door: one answer for everybody, codes that die, a fresh session, limits that hold."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from cmis.interfaces.portal.throttle import ASK_FOR_CODE, TRY_CODE
from cmis.modules.customers.models import ClientAttempt
from cmis.modules.notifications.models import Message

from .conftest import OTHER, OWN, sent_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
UNKNOWN = "PX09999999999"


def ask(client, code):
    return client.post("/login", {"customer_code": code})


def test_a_customer_gets_a_code_and_enters(client, clock, post):
    assert ask(client, OWN.lower())["Location"] == "/login/code"
    code = sent_code(clock, post)
    assert len(code) == 6
    assert [letter.to for letter in post.letters] == ["ba301@example.invalid"]
    response = client.post("/login/code", {"code": f" {code[:3]} {code[3:]} "})
    assert (response.status_code, response["Location"]) == (302, "/home")
    assert client.get("/home").status_code == 200
    assert client.get("/")["Location"] == "/home"


def test_a_known_and_an_unknown_code_are_answered_alike(client, clock):
    pages = []
    for code in (OWN, UNKNOWN, "PX01000000304"):  # known, unknown, known without an address
        first = ask(client, code)
        second = client.get(first["Location"])
        third = client.post("/login/code", {"code": "000000"})
        texts = [second.content.decode(), third.content.decode()]
        pages.append(
            [first.status_code, second.status_code, third.status_code]
            + [without_token(text).replace(code, "CODE") for text in texts]
        )
    assert pages[0][:3] == [302, 200, 422]
    assert pages[0] == pages[1] == pages[2]
    assert Message.objects.filter(purpose="login").count() == 1


def without_token(text):
    return "\n".join(line for line in text.split(">") if "csrfmiddlewaretoken" not in line)


def test_a_code_works_once(client, clock, post):
    ask(client, OWN)
    code = sent_code(clock, post)
    client.post("/login/code", {"code": code})
    client.post("/logout")
    client.get("/login")
    session = client.session
    session["portal_asked_for"] = OWN
    session.save()
    assert client.post("/login/code", {"code": code}).status_code == 422
    assert client.get("/home").status_code == 302


def test_five_wrong_tries_kill_a_code(client, clock, post):
    ask(client, OWN)
    code = sent_code(clock, post)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert client.post("/login/code", {"code": wrong}).status_code == 422
    assert client.post("/login/code", {"code": code}).status_code == 422
    assert client.get("/home").status_code == 302


def test_an_old_code_is_dead(client, clock, post):
    ask(client, OWN)
    code = sent_code(clock, post)
    clock.at += timedelta(minutes=11)
    assert client.post("/login/code", {"code": code}).status_code == 422


def test_a_customer_gets_five_codes_an_hour(client, clock):
    for _ in range(7):
        assert ask(client, OWN).status_code == 302
        clock.at += timedelta(seconds=1)
    assert Message.objects.filter(purpose="login").count() == 5


def test_a_client_address_may_ask_so_often_and_again_later(client, clock):
    for number in range(ASK_FOR_CODE.most):
        assert ask(client, f"PX0999{number}").status_code == 302
    assert ask(client, OWN).status_code == 429
    assert Message.objects.filter(purpose="login").count() == 0
    assert ClientAttempt.objects.count() == ASK_FOR_CODE.most
    assert client.post("/login", {"customer_code": OWN}, REMOTE_ADDR="10.0.0.9").status_code == 302
    clock.at += timedelta(minutes=ASK_FOR_CODE.minutes)
    assert ask(client, OWN).status_code == 302
    assert ClientAttempt.objects.count() == 1


def test_a_client_address_may_try_so_many_codes(client, clock):
    ask(client, UNKNOWN)
    answers = [client.post("/login/code", {"code": "111111"}).status_code for _ in range(41)]
    assert answers == [422] * TRY_CODE.most + [429]


def test_no_address_is_kept(client, clock):
    client.post("/login", {"customer_code": UNKNOWN}, REMOTE_ADDR="10.1.2.3")
    (attempt,) = ClientAttempt.objects.all()
    assert "10.1.2.3" not in attempt.client_hash
    assert len(attempt.client_hash) == 64


def test_the_session_is_new_after_log_in_and_holds_the_customer_only(client, clock, post):
    ask(client, OTHER)
    before = client.session.session_key
    client.post("/login/code", {"code": sent_code(clock, post)})
    after = client.session
    assert after.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert sorted(after.keys()) == ["_session_expiry", "portal_customer_id"]


def test_logging_out_ends_the_session(log_in):
    client = log_in()
    key = client.session.session_key
    assert client.get("/logout").status_code == 405
    assert client.post("/logout")["Location"] == "/"
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/home")["Location"] == "/login?next=%2Fhome"


def test_the_wanted_page_comes_after_log_in_but_no_other_site(client, clock, post):
    for wanted, reached in (("/bills", "/bills"), ("https://evil.example/", "/home")):
        client.get("/login", {"next": wanted})
        ask(client, OWN)
        assert client.post("/login/code", {"code": sent_code(clock, post)})["Location"] == reached
        client.post("/logout")


def test_a_code_without_a_question_leads_to_the_question(client, clock):
    assert client.post("/login/code", {"code": "123456"})["Location"] == "/login"


def test_forms_say_what_is_missing(client, clock):
    empty = client.post("/login", {"customer_code": " "})
    assert empty.status_code == 422
    assert "Hãy nhập mã khách hàng." in empty.content.decode()
    ask(client, OWN)
    short = client.post("/login/code", {"code": "12345"})
    assert short.status_code == 422
    assert "Mã đăng nhập gồm đúng 6 chữ số." in short.content.decode()
    assert ClientAttempt.objects.filter(action="try_code").count() == 0
