/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <smartregion/smartregion.h>

#include "language.h"
#include "tool.h"

static const char *const phrases[PHRASE_COUNT][2] = {
    [PHRASE_RANK] = {"Rank", "Hạng"},
    [PHRASE_REGION] = {"Region", "Vùng"},
    [PHRASE_NAME] = {"Name", "Tên"},
    [PHRASE_COVERAGE] = {"Coverage %", "Độ phủ %"},
    [PHRASE_PERIOD] = {"Period", "Kỳ"},
    [PHRASE_INDICATOR] = {"Indicator", "Chỉ tiêu"},
    [PHRASE_VALUE] = {"Value", "Giá trị"},
    [PHRASE_UNIT] = {"Unit", "Đơn vị"},
    [PHRASE_SCORE] = {"Score", "Điểm"},
    [PHRASE_WEIGHT] = {"Weight", "Trọng số"},
    [PHRASE_EFFECTIVE_WEIGHT] = {"Effective weight", "Trọng số hiệu dụng"},
    [PHRASE_DIRECTION] = {"Better", "Tốt hơn khi"},
    [PHRASE_WORST] = {"Worst", "Kém nhất"},
    [PHRASE_BEST] = {"Best", "Tốt nhất"},
    [PHRASE_OF] = {"of", "trên"},
    [PHRASE_REGIONS] = {"regions", "vùng"},
    [PHRASE_ROWS] = {"rows", "số dòng"},
    [PHRASE_INDICATORS] = {"indicators", "số chỉ tiêu"},
    [PHRASE_MORE_ROWS] = {"Rows not shown: %s (--format csv or json holds every one).",
                          "Số dòng không hiển thị: %s (--format csv hoặc json có tất cả)."},
    [PHRASE_NOT_SHOWN] = {"Regions not shown: %s (--top all shows every one).",
                          "Số vùng không hiển thị: %s (--top all hiển thị tất cả)."},
    [PHRASE_UNRANKED] = {"Regions without a rank: %s.", "Số vùng không có hạng: %s."},
    [PHRASE_MORE_COLUMNS] = {"Columns not shown: %s (--format csv or json holds every one).",
                             "Số cột không hiển thị: %s (--format csv hoặc json có tất cả)."},
    [PHRASE_OTHER_PERIODS] = {"Other periods (--period):", "Các kỳ khác (--period):"},
    [PHRASE_SCALE] = {"Bars run from %s to %s.", "Thanh biểu diễn từ %s đến %s."},
    [PHRASE_OPTIMUM] = {"Optimum", "Tối ưu"},
    [PHRASE_ID] = {"Id", "Mã"},
    [PHRASE_BUILT_IN] = {"Built in:", "Có sẵn:"},
    [PHRASE_STEP] = {"Step", "Bước"},
    [PHRASE_METHOD] = {"Method", "Phương pháp"},
    [PHRASE_STATUS] = {"Status", "Trạng thái"},
    [PHRASE_BEFORE] = {"Before (of an indicator: skewness)", "Trước (của chỉ tiêu: độ lệch)"},
    [PHRASE_AFTER] = {"After", "Sau"},
    [PHRASE_CHANGED] = {"Cells changed", "Số ô thay đổi"},
};

/* By enum smr_cell_status. */
static const char *const statuses[][2] = {
    {"", ""},
    {"no value", "không có số liệu"},
    {"from an imputed value", "từ số liệu ước tính"},
    {"the reference has no spread", "số liệu tham chiếu không phân tán"},
    {"the denominator is zero or missing", "mẫu số bằng không hoặc thiếu"},
    {"outside the domain of the method", "ngoài miền xác định của phương pháp"},
    {"too little data below it", "quá ít số liệu bên dưới"},
    {"not computed", "không tính được"},
};

static const char *const directions[][2] = {
    {"", ""},
    {"higher", "cao hơn"},
    {"lower", "thấp hơn"},
    {"target", "gần mục tiêu"},
};

const char *phrase_text(cli_language language, cli_phrase phrase) {
    return phrases[phrase][language];
}

void table_remark(cli_output *out, cli_language language, cli_phrase phrase, size_t count) {
    if (!count)
        return;
    const char *text = phrases[phrase][language], *place = strstr(text, "%s");
    out_bytes(out, text, (size_t)(place - text));
    out_integer(out, count);
    out_text(out, place + 2);
    out_text(out, "\n");
}

const char *status_text(cli_language language, int status) {
    if (status < 0 || (size_t)status >= COUNT(statuses))
        return smr_cell_status_name(status);
    return statuses[status][language];
}

const char *direction_text(cli_language language, int direction) {
    return direction < 0 || (size_t)direction >= COUNT(directions) ? "" : directions[direction][language];
}

const char *language_tag(cli_language language) {
    return language == LANGUAGE_VI ? "vi" : "en";
}
