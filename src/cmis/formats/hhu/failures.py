"""Why a reading-book file or one of its rows could not be read or written (codes READ-1xx)."""

from cmis.kernel.errors import Bilingual, UnableTo


class UnableToReadBookFile(UnableTo):
    """Base: nothing of the file was taken. The subclass says why."""

    code = "READ-100"
    what = Bilingual("Không đọc được tệp sổ ghi chỉ số.", "The reading-book file cannot be read.")
    next_step = Bilingual("Xuất lại tệp từ thiết bị.", "Export the file from the device again.")


class BookFileTooLarge(UnableToReadBookFile):
    """More bytes than ``FILE_BYTES_LIMIT``."""

    code = "READ-101"
    what = Bilingual(
        "Tệp có {found_bytes} byte, vượt giới hạn {limit_bytes} byte.",
        "The file has {found_bytes} bytes; the limit is {limit_bytes}.",
    )
    next_step = Bilingual(
        "Tách tệp theo từng quyển rồi nạp lại.", "Split the file by book and import again."
    )


class BookFileHasEntities(UnableToReadBookFile):
    """A document type or entity declaration; no exchange file has one, attacks do."""

    code = "READ-102"
    what = Bilingual(
        "Tệp khai báo DOCTYPE hoặc thực thể XML; tệp sổ hợp lệ không bao giờ có.",
        "The file declares a DOCTYPE or XML entities; a true book file never does.",
    )
    next_step = Bilingual(
        "Không mở tệp này; kiểm tra nguồn gửi và báo bộ phận an toàn thông tin.",
        "Do not open this file; check who sent it and tell information security.",
    )


class BookFileCutShort(UnableToReadBookFile):
    """The file ends before its root element does."""

    code = "READ-103"
    what = Bilingual(
        "Tệp bị cắt cụt: kết thúc ở dòng {line} khi còn phần tử chưa đóng.",
        "The file is cut short: it ends at line {line} with elements still open.",
    )
    next_step = Bilingual(
        "Truyền lại tệp từ thiết bị và so dung lượng.",
        "Transfer the file from the device again and compare the sizes.",
    )


class BookFileDamaged(UnableToReadBookFile):
    """Not well-formed XML."""

    code = "READ-104"
    what = Bilingual(
        "Tệp hỏng ở dòng {line}, cột {column}: {reason}.",
        "The file is damaged at line {line}, column {column}: {reason}.",
    )
    next_step = Bilingual(
        "Xuất lại tệp từ thiết bị; không sửa tay.",
        "Export the file from the device again; do not mend it by hand.",
    )


class BookFileWrongEncoding(UnableToReadBookFile):
    """Bytes that are not the encoding they claim, or an encoding that is not Unicode."""

    code = "READ-105"
    what = Bilingual(
        "Bảng mã không hợp lệ: tệp khai {declared}, nội dung không đọc được theo {tried}.",
        "Wrong encoding: the file declares {declared}, its bytes do not read as {tried}.",
    )
    next_step = Bilingual(
        "Xuất lại tệp với UTF-8, hoặc UTF-16 có dấu BOM.",
        "Export the file as UTF-8, or as UTF-16 with a byte-order mark.",
    )


class NotABookFile(UnableToReadBookFile):
    """XML, perhaps, but not a reading book."""

    code = "READ-106"
    what = Bilingual(
        "Đây không phải tệp sổ ghi chỉ số: {reason_vi}.",
        "This is not a reading-book file: {reason_en}.",
    )
    next_step = Bilingual(
        "Chọn đúng tệp XML của sổ (dạng MÃQUYỂN-NĂM-THÁNG-KỲ.xml).",
        "Choose the XML file of the book (named BOOK-YEAR-MONTH-CYCLE.xml).",
    )


class BookFileBeyondLimits(UnableToReadBookFile):
    """More rows, columns, depth or text than any true book has."""

    code = "READ-107"
    what = Bilingual(
        "Tệp vượt giới hạn {limit_name} = {limit} (dòng {line}).",
        "The file exceeds the limit {limit_name} = {limit} (line {line}).",
    )
    next_step = Bilingual(
        "Tách tệp theo từng quyển; nếu tệp chỉ có một quyển, kiểm tra nguồn gửi.",
        "Split the file by book; if it holds one book only, check who sent it.",
    )


class BookRowNotFlat(UnableToReadBookFile):
    """A row with nested, repeated or stray content: which value is meant cannot be known."""

    code = "READ-108"
    what = Bilingual(
        "Dòng sổ thứ {row} không hợp lệ ở cột {column}: {reason_vi}.",
        "Row {row} of the book is not valid at column {column}: {reason_en}.",
    )
    next_step = Bilingual(
        "Xuất lại tệp từ thiết bị; không sửa tay.",
        "Export the file from the device again; do not mend it by hand.",
    )


class UnableToReadBookRow(UnableTo):
    """A row of an outbound file lacks a value nothing can be done without."""

    code = "READ-111"
    what = Bilingual(
        "Dòng {row} thiếu hoặc sai giá trị ở các cột: {columns}.",
        "Row {row} lacks a value or holds a wrong one in the columns: {columns}.",
    )
    next_step = Bilingual(
        "Xuất lại sổ từ hệ thống gốc rồi nhận lại.",
        "Export the book from its own system again and adopt it again.",
    )


class UnableToReadPriceText(UnableTo):
    """A price string outside the grammar, or with shares that do not sum to 100."""

    code = "READ-112"
    what = Bilingual(
        "Chuỗi giá «{text}» không đúng cú pháp: {reason_vi}.",
        "The price string “{text}” does not follow the grammar: {reason_en}.",
    )
    next_step = Bilingual(
        "Kiểm tra thỏa thuận giá của điểm đo và xuất lại sổ.",
        "Check the price agreement of the metering point and export the book again.",
    )


class UnableToNameBookFile(UnableTo):
    """A book code that cannot stand in a file name."""

    code = "READ-113"
    what = Bilingual(
        "Mã quyển «{book}» không dùng được làm tên tệp.",
        "The book code “{book}” cannot be used in a file name.",
    )
    next_step = Bilingual(
        "Đổi mã quyển: chỉ dùng chữ, số, gạch nối, gạch dưới, dấu chấm.",
        "Change the book code: letters, digits, hyphen, underscore and dot only.",
    )


class UnableToWriteBookFile(UnableTo):
    """A column name or a text that XML cannot hold."""

    code = "READ-114"
    what = Bilingual(
        "Dòng {row}, cột {column} chứa ký tự không ghi được vào XML.",
        "Row {row}, column {column} holds a character XML cannot carry.",
    )
    next_step = Bilingual(
        "Xóa ký tự điều khiển trong dữ liệu nguồn rồi xuất lại.",
        "Remove the control character from the source data and export again.",
    )
