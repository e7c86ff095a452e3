/* SPDX-License-Identifier: MIT */
/* UTF-8: validity, composed letters, cutting; and what was probably meant by a misspelt name. */
#include "base/base_impl.h"

enum {
    DISTANCE_LENGTH_MAX = 64, /* characters */
    PART_LENGTH_MIN = 3,      /* a shorter text is part of too many names */
    MARKS_MAX = 32,           /* on one letter; Unicode's stream-safe text has at most 30 */
    LETTER_MARKS_MAX = 2      /* that a composed Latin letter holds */
};

static inline bool is_continuation(unsigned char c) {
    return (c & 0xc0) == 0x80;
}

/* Bytes of the character at text, 0 when it is not valid. */
static inline size_t character_size(const char *text, size_t left) {
    unsigned char first = (unsigned char)text[0];
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2 || first > 0xf4) {
        return 0;
    }
    size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (left < size) {
        return 0;
    }
    unsigned char second = (unsigned char)text[1];
    /* No overlong form (e0, f0), no surrogate (ed), nothing beyond U+10FFFF (f4). */
    unsigned char least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned char greatest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > greatest) {
        return 0;
    }
    for (size_t i = 2; i < size; i++) {
        if (!is_continuation((unsigned char)text[i])) {
            return 0;
        }
    }
    return size;
}

/* The character at text and its size; an invalid byte stands for itself, outside Unicode. */
static size_t read_character(const char *text, size_t left, uint32_t *character) {
    size_t size = character_size(text, left);
    if (size < 2) {
        *character = (unsigned char)text[0] + (size == 0 ? UINT32_C(0x110000) : 0);
        return 1;
    }
    uint32_t c = (unsigned char)text[0] & (0x7fU >> size);
    for (size_t i = 1; i < size; i++) {
        c = c << 6 | ((unsigned char)text[i] & 0x3fU);
    }
    *character = c;
    return size;
}

size_t smri_utf8_check(const char *text, size_t length) {
    size_t i = 0;
    while (i < length) {
        for (uint64_t word; length - i >= sizeof word; i += sizeof word) {
            memcpy(&word, text + i, sizeof word);
            if ((word & UINT64_C(0x8080808080808080)) != 0) {
                break;
            }
        }
        /* Beyond the first letter that is not ASCII another one is likely: stay with single characters for a word. */
        for (size_t end = SMRI_MIN(length, i + sizeof(uint64_t)); i < end;) {
            size_t size = character_size(text + i, length - i);
            if (size == 0) {
                return i;
            }
            i += size;
        }
    }
    return length;
}

/* ---- composition ---- */

/* One combining mark, its canonical combining class, and every Latin letter that it composes with: base, composed. */
typedef struct mark {
    uint16_t character;
    uint8_t order;
    const char *pairs;
} mark;

/* Every canonical composition of U+00C0 to U+024F and U+1E00 to U+1EFF in Unicode 14.0 (no later version adds one).
 * The letter d with stroke is not among them: it has no decomposition. */
static const mark marks[] = {
    {0x0300, 230, "AÀEÈIÌOÒUÙaàeèiìoòuùÜǛüǜNǸnǹĒḔēḕŌṐōṑWẀwẁÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ"}, /* grave accent */
    {0x0301, 230, "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÜǗüǘGǴgǵÅǺåǻÆǼæǽØǾøǿÇḈçḉĒḖēḗÏḮïḯ"
            "KḰkḱMḾmḿÕṌõṍŌṒōṓPṔpṕŨṸũṹWẂwẃÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứ"}, /* acute accent */
    {0x0302, 230, "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷZẐzẑẠẬạậẸỆẹệỌỘọộ"}, /* circumflex accent */
    {0x0303, 230, "AÃNÑOÕaãnñoõIĨiĩUŨuũVṼvṽÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"}, /* tilde */
    {0x0304, 230, "AĀaāEĒeēIĪiīOŌoōUŪuūÜǕüǖÄǞäǟȦǠȧǡÆǢæǣǪǬǫǭÖȪöȫÕȬõȭȮȰȯȱYȲyȳGḠgḡḶḸḷḹṚṜṛṝ"}, /* macron */
    {0x0306, 230, "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭȨḜȩḝẠẶạặ"}, /* breve */
    {0x0307, 230, "CĊcċEĖeėGĠgġIİZŻzżAȦaȧOȮoȯBḂbḃDḊdḋFḞfḟHḢhḣMṀmṁNṄnṅPṖpṗRṘrṙSṠsṡŚṤśṥŠṦšṧṢṨṣṩTṪtṫWẆ"
            "wẇXẊxẋYẎyẏſẛ"}, /* dot above */
    {0x0308, 230, "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸHḦhḧÕṎõṏŪṺūṻWẄwẅXẌxẍtẗ"}, /* diaeresis */
    {0x0309, 230, "AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"}, /* hook above */
    {0x030a, 230, "AÅaåUŮuůwẘyẙ"}, /* ring above */
    {0x030b, 230, "OŐoőUŰuű"}, /* double acute accent */
    {0x030c, 230, "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzžAǍaǎIǏiǐOǑoǒUǓuǔÜǙüǚGǦgǧKǨkǩƷǮʒǯjǰHȞhȟ"}, /* caron */
    {0x030f, 230, "AȀaȁEȄeȅIȈiȉOȌoȍRȐrȑUȔuȕ"}, /* double grave accent */
    {0x0311, 230, "AȂaȃEȆeȇIȊiȋOȎoȏRȒrȓUȖuȗ"}, /* inverted breve */
    {0x031b, 216, "OƠoơUƯuư"}, /* horn */
    {0x0323, 220, "BḄbḅDḌdḍHḤhḥKḲkḳLḶlḷMṂmṃNṆnṇRṚrṛSṢsṣTṬtṭVṾvṿWẈwẉZẒzẓAẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưự"
            "YỴyỵ"}, /* dot below */
    {0x0324, 220, "UṲuṳ"}, /* diaeresis below */
    {0x0325, 220, "AḀaḁ"}, /* ring below */
    {0x0326, 220, "SȘsșTȚtț"}, /* comma below */
    {0x0327, 202, "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţEȨeȩDḐdḑHḨhḩ"}, /* cedilla */
    {0x0328, 202, "AĄaąEĘeęIĮiįUŲuųOǪoǫ"}, /* ogonek */
    {0x032d, 220, "DḒdḓEḘeḙLḼlḽNṊnṋTṰtṱUṶuṷ"}, /* circumflex accent below */
    {0x032e, 220, "HḪhḫ"}, /* breve below */
    {0x0330, 220, "EḚeḛIḬiḭUṴuṵ"}, /* tilde below */
    {0x0331, 220, "BḆbḇDḎdḏKḴkḵLḺlḻNṈnṉRṞrṟTṮtṯZẔzẕhẖ"}, /* macron below */
};

enum { GRAVE = 0x300, ACUTE = 0x301, GRAVE_TONE = 0x340, ACUTE_TONE = 0x341 };

/* The known mark at text, NULL when there is none. All of them have two bytes. */
static const mark *mark_at(const char *text, size_t left) {
    unsigned char first = (unsigned char)text[0];
    if ((first != 0xcc && first != 0xcd) || left < 2) {
        return NULL;
    }
    uint32_t character;
    read_character(text, left, &character);
    /* The Vietnamese tone marks of early Unicode are the same as grave and acute. */
    character = character == GRAVE_TONE ? GRAVE : character == ACUTE_TONE ? ACUTE : character;
    for (size_t i = 0; i < SMRI_COUNT(marks); i++) {
        if (marks[i].character == character) {
            return &marks[i];
        }
    }
    return NULL;
}

/* The composed letter, 0 when there is none. */
static uint32_t compose(uint32_t base, const mark *m) {
    uint32_t letter, composed;
    for (const char *p = m->pairs; *p != '\0';) {
        p += read_character(p, 4, &letter);
        p += read_character(p, 4, &composed);
        if (letter == base) {
            return composed;
        }
    }
    return 0;
}

/* The mark that was composed last into the letter, which becomes what it was before; NULL when there is none. */
static const mark *decompose(uint32_t *letter) {
    uint32_t base, composed;
    for (size_t i = 0; *letter >= 0xc0 && i < SMRI_COUNT(marks); i++) {
        for (const char *p = marks[i].pairs; *p != '\0';) {
            p += read_character(p, 4, &base);
            p += read_character(p, 4, &composed);
            if (composed == *letter) {
                *letter = base;
                return &marks[i];
            }
        }
    }
    return NULL;
}

/* Writes a character below U+10000. */
static size_t write_character(char *out, uint32_t c) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    out[0] = (char)(0xe0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3f));
    out[2] = (char)(0x80 | (c & 0x3f));
    return 3;
}

/* NFC of one letter of letter_size bytes and the known marks that follow it. A result that would be longer than the
 * text is given up: it exists where a mark below follows a letter composed with a mark above that does not go with
 * it, as u with tilde and dot below, which are two tones. */
static size_t compose_letter(const char *text, size_t letter_size, size_t length, char *out) {
    const mark *sequence[MARKS_MAX];
    char composed[4 + 2 * MARKS_MAX];
    uint32_t letter = 0, original;
    size_t count = 0, kept = 0;
    memmove(out, text, length);
    if ((length - letter_size) / 2 > MARKS_MAX - LETTER_MARKS_MAX) {
        return length;
    }
    if (letter_size > 0) { /* 0: the text starts with a mark */
        read_character(out, letter_size, &letter);
    }
    original = letter;
    for (const mark *m; (m = decompose(&letter)) != NULL; count++) {
        memmove(sequence + 1, sequence, count * sizeof sequence[0]);
        sequence[0] = m;
    }
    for (size_t i = letter_size; i < length; i += 2) {
        const mark *m = mark_at(out + i, 2);
        size_t place = count++;
        for (; place > 0 && sequence[place - 1]->order > m->order; place--) {
            sequence[place] = sequence[place - 1];
        }
        sequence[place] = m;
    }
    for (size_t i = 0; i < count; i++) {
        /* A mark that stayed blocks the later ones of its own class. */
        bool blocked = kept > 0 && sequence[kept - 1]->order == sequence[i]->order;
        uint32_t next = blocked ? 0 : compose(letter, sequence[i]);
        if (next != 0) {
            letter = next;
        } else {
            sequence[kept++] = sequence[i];
        }
    }
    size_t written = letter == original ? letter_size : write_character(composed, letter);
    if (letter == original) {
        memcpy(composed, out, letter_size);
    }
    for (size_t i = 0; i < kept; i++) {
        written += write_character(composed + written, sequence[i]->character);
    }
    if (written > length) {
        return length;
    }
    memcpy(out, composed, written);
    return written;
}

size_t smri_text_compose(const char *text, size_t length, char *out) {
    size_t start = 0, written = 0; /* everything before start is done */
    size_t i = 0, previous = 0;    /* previous: where the character before i starts */
    while (i < length) {
        if (mark_at(text + i, length - i) == NULL) {
            previous = i;
            i += SMRI_MAX(character_size(text + i, length - i), 1);
            continue;
        }
        size_t end = i;
        while (end < length && mark_at(text + end, length - end) != NULL) {
            end += 2;
        }
        memmove(out + written, text + start, previous - start);
        written += previous - start;
        written += compose_letter(text + previous, i - previous, end - previous, out + written);
        start = previous = i = end;
    }
    if (start < length) {
        memmove(out + written, text + start, length - start);
    }
    return written + (length - start);
}

/* ---- small things ---- */

void smri_text_cut(char *out, size_t size, const char *text) {
    if (size == 0) {
        return;
    }
    size_t length = text == NULL ? 0 : strlen(text);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && is_continuation((unsigned char)text[length])) {
            length--;
        }
    }
    if (length > 0) {
        memcpy(out, text, length);
    }
    out[length] = '\0';
}

bool smri_text_equal(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

char *smri_text_integer(char out[SMRI_INTEGER_SIZE], uint64_t value) {
    char digits[SMRI_INTEGER_SIZE];
    size_t first = sizeof digits - 1;
    digits[first] = '\0';
    do {
        digits[--first] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    memcpy(out, digits + first, sizeof digits - first);
    return out;
}

/* ---- misspelt names ---- */

typedef struct characters {
    size_t count;
    uint32_t at[DISTANCE_LENGTH_MAX];
} characters;

/* false: NULL or too long. fold: ASCII capitals count as small letters. */
static bool read_characters(characters *c, const char *text, bool fold) {
    c->count = 0;
    if (text == NULL) {
        return false;
    }
    for (size_t left = strlen(text); left > 0;) {
        if (c->count == DISTANCE_LENGTH_MAX) {
            return false;
        }
        uint32_t *character = &c->at[c->count++];
        size_t size = read_character(text, left, character);
        if (fold && *character >= 'A' && *character <= 'Z') {
            *character += 'a' - 'A';
        }
        text += size;
        left -= size;
    }
    return true;
}

/* Insertions, deletions, substitutions and swaps of neighbours, no part edited twice. */
static size_t distance(const characters *a, const characters *b) {
    uint8_t rows[3][DISTANCE_LENGTH_MAX + 1]; /* of a's prefixes, in turn */
    for (size_t j = 0; j <= b->count; j++) {
        rows[0][j] = (uint8_t)j;
    }
    for (size_t i = 1; i <= a->count; i++) {
        uint8_t *row = rows[i % 3];
        const uint8_t *before = rows[(i + 2) % 3], *swapped = rows[(i + 1) % 3];
        row[0] = (uint8_t)i;
        for (size_t j = 1; j <= b->count; j++) {
            bool same = a->at[i - 1] == b->at[j - 1];
            unsigned least = before[j - 1] + !same;
            least = SMRI_MIN(least, before[j] + 1U);
            least = SMRI_MIN(least, row[j - 1] + 1U);
            if (i > 1 && j > 1 && a->at[i - 1] == b->at[j - 2] && a->at[i - 2] == b->at[j - 1]) {
                least = SMRI_MIN(least, swapped[j - 2] + 1U);
            }
            row[j] = (uint8_t)least;
        }
    }
    return rows[a->count % 3][b->count];
}

size_t smri_text_distance(const char *a, const char *b) {
    characters x, y;
    return read_characters(&x, a, false) && read_characters(&y, b, false) ? distance(&x, &y) : SIZE_MAX;
}

/* Where part starts in whole; SIZE_MAX when it does not occur. */
static size_t find_part(const characters *whole, const characters *part) {
    for (size_t i = 0; i + part->count <= whole->count; i++) {
        if (memcmp(whole->at + i, part->at, part->count * sizeof part->at[0]) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* The same name but for capitals; else one that begins with the text, the shortest; else one a few edits away, the
 * nearest; else one that holds the text, the shortest. */
const char *smri_text_nearest(const char *text, const char *const *candidates, size_t count) {
    characters found, candidate;
    if (!read_characters(&found, text, true)) {
        return NULL;
    }
    size_t limit = found.count <= 4 ? 1 : found.count <= 8 ? 2 : 3;
    size_t edits = SMRI_MIN(limit + 1, found.count), beginning = SIZE_MAX, holding = SIZE_MAX;
    const char *edited = NULL, *begun = NULL, *holder = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!read_characters(&candidate, candidates[i], true)) {
            continue;
        }
        size_t d = distance(&found, &candidate);
        if (d < edits) {
            edits = d;
            edited = candidates[i];
        }
        size_t place = found.count < PART_LENGTH_MIN ? SIZE_MAX : find_part(&candidate, &found);
        if (place == 0 && candidate.count < beginning) {
            beginning = candidate.count;
            begun = candidates[i];
        } else if (place != SIZE_MAX && candidate.count < holding) {
            holding = candidate.count;
            holder = candidates[i];
        }
    }
    return edited != NULL && edits == 0 ? edited : begun != NULL ? begun : edited != NULL ? edited : holder;
}
