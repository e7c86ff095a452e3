/* SPDX-License-Identifier: MIT */
/* Reasons as sentences, in English and Vietnamese. In the texts {s} stands for the subject, {v} for the value, {l} for
 * the limit, {g} for the grade that is the limit, {n} for the number of regions ranked at the stage, {d} for what the
 * score lacks to the limit. */

#include "study/select_impl.h"

typedef struct phrase {
    const char *name, *texts[2];
} phrase;

static const phrase phrases[] = {
    [SMR_REASON_WITHIN_CUT] = {"within_cut", {"rank {v} of {n}, {l} kept", "hạng {v} trên {n}, giữ {l}"}},
    [SMR_REASON_GATES_PASSED] = {"gates_passed", {"rank {v} of {n}, every gate passed", "hạng {v} trên {n}, đạt mọi ngưỡng"}},
    [SMR_REASON_TIE_KEPT] = {"tie_kept",
                             {"tied at the cut with others, {v} for {l} of the places: kept",
                              "đồng hạng tại điểm cắt, {v} vùng cho {l} chỗ: được giữ lại"}},
    [SMR_REASON_TIE_WON] = {"tie_won",
                            {"tied at the cut, ahead by {s}: {v}", "đồng hạng tại điểm cắt, hơn về {s}: {v}"}},
    [SMR_REASON_BELOW_CUT] = {"below_cut",
                              {"rank {v} of {n}, {d} below the cut", "hạng {v} trên {n}, kém điểm cắt {d}"}},
    [SMR_REASON_TIE_LOST] = {"tie_lost",
                             {"tied at the cut, behind by {s}: {v}", "đồng hạng tại điểm cắt, kém về {s}: {v}"}},
    [SMR_REASON_BELOW_GATE] = {"below_gate", {"{s} is {v}, below the gate {l}", "{s} đạt {v}, dưới ngưỡng {l}"}},
    [SMR_REASON_GATE_MISSING] = {"gate_missing",
                                 {"{s} has no value, the gate asks for {l}", "{s} không có giá trị, ngưỡng là {l}"}},
    [SMR_REASON_PART_MISSING] = {"part_missing",
                                 {"{s}, a part of the score, has no value", "{s}, một phần của điểm, không có giá trị"}},
    [SMR_REASON_TOO_OLD] = {"too_old",
                            {"the questionnaire is {v} years old, at most {l} are allowed",
                             "bảng hỏi đã {v} năm, tối đa được phép là {l} năm"}},
    [SMR_REASON_AGE_MISSING] = {"age_missing",
                                {"the year of the questionnaire is not known", "không rõ năm của bảng hỏi"}},
    [SMR_REASON_LOW_EVIDENCE] = {"low_evidence",
                                 {"evidence is {s}, asked for is {g}", "bằng chứng ở mức {s}, yêu cầu từ mức {g}"}},
    [SMR_REASON_EVIDENCE_MISSING] = {"evidence_missing",
                                     {"evidence has no grade, asked for is {g}",
                                      "bằng chứng chưa có mức, yêu cầu từ mức {g}"}},
    [SMR_REASON_LOW_COVERAGE] = {"low_coverage",
                                 {"coverage is {v}, at least {l} is asked for", "độ phủ là {v}, yêu cầu tối thiểu {l}"}},
};

/* Words of the funnel that are no names of nodes or columns. */
static const phrase words[] = {
    {"coverage", {"coverage", "độ phủ"}},
    {"previous", {"the score of the stage before", "điểm của vòng trước"}},
    {"score", {"the score of the stage", "điểm của vòng này"}},
    {"ballots", {"the jury's result", "kết quả của ban giám khảo"}},
    {"self_reported", {"self-reported", "tự khai"}},
    {"third_party", {"third-party", "bên thứ ba"}},
    {"audited", {"audited", "được kiểm toán"}},
};

const char *smr_reason_name(int32_t reason)
{
    return reason >= 0 && (size_t)reason < SMRI_COUNT(phrases) ? phrases[reason].name : "unknown";
}

/* A text that is longer than its room: all of it counts, what fits is kept. */
typedef struct sentence {
    char *text;
    size_t size, length;
} sentence;

static void add_bytes(sentence *s, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++, s->length++)
        if (s->length + 1 < s->size)
            s->text[s->length] = bytes[i];
}

static void add_text(sentence *s, const char *text)
{
    add_bytes(s, text, strlen(text));
}

/* Two decimals at most; all that are needed where two would hide how the value differs from another number. */
static void add_number(sentence *s, double value, double other)
{
    char text[SMRI_NUMBER_SIZE + 320], beside[SMRI_NUMBER_SIZE + 320] = "";
    if (fabs(value) >= 1e15 || smri_number_write_fixed(text, sizeof text, value, 2) == 0)
        smri_number_write(text, value);
    if (other == other && fabs(other) < 1e15)
        smri_number_write_fixed(beside, sizeof beside, other, 2);
    if (other != value && strcmp(text, beside) == 0)
        smri_number_write(text, value);
    size_t length = strlen(text);
    if (strchr(text, '.') && !strchr(text, 'e')) {
        while (text[length - 1] == '0')
            length--;
        length -= text[length - 1] == '.';
    }
    add_bytes(s, text, length);
}

/* A distance above 0, to two significant digits. */
static void add_distance(sentence *s, double distance)
{
    char text[SMRI_NUMBER_SIZE + 64];
    int decimals = 2;
    for (double unit = 0.1; distance < unit && decimals < 12; unit /= 10)
        decimals++;
    smri_number_write_fixed(text, sizeof text, distance, decimals);
    add_text(s, text);
}

static const char *name_of(const smr_selection *selection, const char *subject, size_t language)
{
    const smr_framework *framework = selection->model->framework;
    const int64_t node = smr_framework_find(framework, subject);
    if (node >= 0)
        return smr_framework_node_name(framework, (size_t)node, language == 1 ? "vi" : "en");
    for (size_t i = 0; i < SMRI_COUNT(words); i++)
        if (strcmp(words[i].name, subject) == 0)
            return words[i].texts[language];
    return subject;
}

static void add_reason(sentence *s, const smr_selection *selection, size_t reason, size_t language)
{
    const double value = selection->reason_values[reason], limit = selection->reason_limits[reason];
    const size_t row = selection->reason_rows[reason];
    const smr_eligibility *eligible = &selection->funnel->data.eligibility;
    const char *subject = selection->reason_subjects[reason];
    const char *text = phrases[selection->reason_codes[reason]].texts[language];
    for (const char *mark; (mark = strchr(text, '{')) != NULL; text = mark + 3) {
        add_bytes(s, text, (size_t)(mark - text));
        if (mark[1] == 's')
            add_text(s, name_of(selection, subject, language));
        else if (mark[1] == 'g')
            add_text(s, name_of(selection, eligible->grades[(size_t)limit - 1], language));
        else if (mark[1] == 'n')
            add_number(s, (double)selection->results[selection->stages[row]].ranked, NAN);
        else if (mark[1] == 'd')
            add_distance(s, limit - selection->scores[row]);
        else if (mark[1] == 'v' && value != value)
            add_text(s, language == 1 ? "không có giá trị" : "no value");
        else
            add_number(s, mark[1] == 'v' ? value : limit, mark[1] == 'v' ? limit : value);
    }
    add_text(s, text);
}

size_t smr_selection_reason_text(const smr_selection *selection, size_t row, const char *language, char *text,
                                 size_t size)
{
    sentence s = {.text = text, .size = text ? size : 0};
    if (selection && row < selection->row_count) {
        const size_t first = selection->reason_starts[row], end = selection->reason_starts[row + 1];
        for (size_t reason = first; reason < end; reason++) {
            if (reason > first)
                add_text(&s, "; ");
            add_reason(&s, selection, reason, language && strcmp(language, "vi") == 0);
        }
    }
    if (s.size > 0) {
        const size_t end = smri_utf8_check(text, SMRI_MIN(s.length, s.size - 1)); /* not the inside of a character */
        text[end] = '\0';
    }
    return s.length;
}
