/* SPDX-License-Identifier: MIT */
/* Prints the manual's page of methods: what the public catalogue says, as Markdown. */
#include <smartregion/catalogue.h>
#include <smartregion/common.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Plain words: what Markdown and Doxygen would read as a mark is taken as it stands. */
static void print_words(const char *text) {
    for (; *text; text++) {
        if (strchr("\\`*_@#|[]", *text))
            printf("\\%c", *text);
        else if (*text == '<')
            printf("&lt;");
        else if (*text == '>')
            printf("&gt;");
        else
            putchar(*text);
    }
}

/* "a | b" as `a`, `b`: a bar would end the cell of a table. */
static void print_choices(const char *text) {
    const char *bar;
    for (; (bar = strstr(text, " | ")) != NULL; text = bar + 3)
        printf("`%.*s`, ", (int)(bar - text), text);
    printf("`%s`", text);
}

typedef smr_status (*parameter_getter)(size_t index, size_t parameter, smr_method_parameter *option, smr_error *error);

static int print_options(size_t index, size_t count, parameter_getter get) {
    if (count == 0)
        return 0;
    printf("\n| option | type | default | legal | what |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        smr_method_parameter option;
        smr_method_parameter_init(&option, sizeof option);
        if (get(index, i, &option, NULL))
            return 1;
        printf("| `%s` | %s | `%s` | ", option.name, option.type, option.default_text);
        print_choices(option.legal);
        printf(" | ");
        print_words(option.summary);
        printf(" |\n");
    }
    return 0;
}

static int print_method(size_t index, const smr_method *method) {
    printf("\n### %s: %s\n\n", method->step, method->name);
    if (*method->summary)
        putchar(toupper((unsigned char)*method->summary));
    print_words(*method->summary ? method->summary + 1 : "");
    printf(".\n\nFormula: `%s`\n\nSource: ", method->formula);
    print_words(method->source);
    printf(".\n");
    return print_options(index, method->parameter_count, smr_method_get_parameter);
}

static int print_steps(void) {
    printf("\n## The steps' own options\n");
    for (size_t i = 0; i < smr_step_count(); i++) {
        smr_step step;
        smr_step_init(&step, sizeof step);
        if (smr_step_get(i, &step, NULL))
            return 1;
        if (step.parameter_count == 0)
            continue;
        printf("\n### step %s\n\n", step.name);
        print_words(step.summary);
        printf(".\n");
        if (print_options(i, step.parameter_count, smr_step_get_parameter))
            return 1;
    }
    return 0;
}

int main(void) {
    const size_t count = smr_method_count();
    const char *step = "";
    int failed = count == 0;
    printf(
        "# Methods\n\nEvery method of this version, as the library's own catalogue describes it; `smartregion methods` "
        "prints the same.\nIn the formulas `x` is a value of one indicator, `n` the number of regions with a value, "
        "`y` the score of a child,\n`w` the weight among siblings, and `sum` goes over the children that have a "
        "score. A default of `null` is none.\n");
    failed = failed || print_steps();
    for (size_t i = 0; i < count && !failed; i++) {
        smr_method method;
        smr_method_init(&method, sizeof method);
        if (smr_method_get(i, &method, NULL)) {
            failed = 1;
            break;
        }
        if (strcmp(method.step, step) != 0)
            printf("\n## %s\n", method.step);
        step = method.step;
        failed = print_method(i, &method);
    }
    return failed || fflush(stdout) != 0 || ferror(stdout);
}
