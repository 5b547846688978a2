"""The columns of a reading-book row, in the order the central system writes them.

One row is one register of one metering point in one period. Facts: field exchange files; the
table of all 63 fields lies beside the sample files of the tests.
"""

#: Every name the file gives to its root, its rows and the wrapper of a web-service answer.
DATA_SET = "NewDataSet"
ROW = "Table1"
DIFFGRAM = "diffgram"

#: The 40 columns of the outbound file with the type its inline schema declares.
OUTBOUND_TYPES: dict[str, str] = {
    "MA_NVGCS": "string",
    "MA_KHANG": "string",
    "MA_DDO": "string",
    "MA_DVIQLY": "string",
    "MA_GC": "string",
    "MA_QUYEN": "string",
    "MA_TRAM": "string",
    "BOCSO_ID": "long",
    "LOAI_BCS": "string",
    "LOAI_CS": "string",
    "TEN_KHANG": "string",
    "DIA_CHI": "string",
    "MA_NN": "string",
    "SO_HO": "decimal",
    "MA_CTO": "string",
    "SERY_CTO": "string",
    "HSN": "decimal",
    "CS_CU": "decimal",
    "TTR_CU": "string",
    "SL_CU": "decimal",
    "SL_TTIEP": "int",
    "NGAY_CU": "dateTime",
    "CS_MOI": "decimal",
    "TTR_MOI": "string",
    "SL_MOI": "decimal",
    "CHUOI_GIA": "string",
    "KY": "int",
    "THANG": "int",
    "NAM": "int",
    "NGAY_MOI": "dateTime",
    "NGUOI_GCS": "string",
    "SL_THAO": "decimal",
    "KIMUA_CSPK": "short",
    "MA_COT": "string",
    "SLUONG_1": "decimal",
    "SLUONG_2": "decimal",
    "SLUONG_3": "decimal",
    "SO_HOM": "string",
    "PMAX": "decimal",
    "NGAY_PMAX": "dateTime",
}
OUTBOUND_COLUMNS = tuple(OUTBOUND_TYPES)

#: Columns of the outbound file that a device fills; all others come back as they went out.
DEVICE_FILLS = ("CS_MOI", "TTR_MOI", "SL_MOI", "NGAY_MOI", "MA_COT", "PMAX", "NGAY_PMAX")

#: What the handheld adds behind them; its inline schema does not describe these.
DEVICE_COLUMNS = (
    "ID",
    "GHICHU",
    "TT_KHAC",
    "CGPVTHD",
    "HTHUC_TBAO_DK",
    "DTHOAI_SMS",
    "EMAIL",
    "THOI_GIAN",
    "X",
    "Y",
    "SO_TIEN",
    "HTHUC_TBAO_TH",
    "TENKHANG_RUTGON",
    "TTHAI_DBO",
    "DU_PHONG",
    "TEN_FILE",
    "ID_SQLITE",
    "STR_CHECK_DSOAT",
)

#: Columns people write by hand: a ``?`` there stands for a letter an old system has lost.
PEOPLE_WRITE = (
    "TEN_KHANG",
    "DIA_CHI",
    "NGUOI_GCS",
    "MA_COT",
    "SO_HOM",
    "MA_GC",
    "GHICHU",
)

#: Columns only one variant of the file has.
ALTITUDE = "Z"
CONCENTRATOR_IDENTITY = "IMEI_DCU"
EXTRA_VALUE = "GIA_TRI_1"
CAPTURED = "TTHAI_DBO"
