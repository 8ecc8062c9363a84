/* SPDX-License-Identifier: Apache-2.0
 * Every reason for which a request is refused before a handler sees it, with what the client is told. */
#ifndef NET_REFUSAL_H
#define NET_REFUSAL_H

enum refusal {
    REFUSAL_NONE,
    /* the shape of the head */
    REFUSAL_EMPTY_LINE,
    REFUSAL_BARE_LF,
    REFUSAL_BARE_CR,
    REFUSAL_CONTROL,
    REFUSAL_HEAD_TOO_LARGE,
    REFUSAL_TOO_MANY_FIELDS,
    REFUSAL_HEAD_UNENDED,
    /* the request line */
    REFUSAL_REQUEST_LINE,
    REFUSAL_METHOD_SYNTAX,
    REFUSAL_METHOD_UNKNOWN,
    REFUSAL_VERSION_SYNTAX,
    REFUSAL_VERSION_UNKNOWN,
    REFUSAL_TARGET_TOO_LONG,
    REFUSAL_TARGET_OCTET,
    REFUSAL_TARGET_FORM,
    REFUSAL_TARGET_SCHEME,
    REFUSAL_TARGET_AUTHORITY,
    REFUSAL_TARGET_PERCENT,
    REFUSAL_TARGET_HIDDEN,
    REFUSAL_TARGET_DOTS,
    REFUSAL_TARGET_UTF8,
    REFUSAL_TARGET_ASTERISK,
    /* fields */
    REFUSAL_SPACE_BEFORE_FIELDS,
    REFUSAL_FOLDED,
    REFUSAL_NO_COLON,
    REFUSAL_SPACE_BEFORE_COLON,
    REFUSAL_FIELD_NAME,
    REFUSAL_HOST_MISSING,
    REFUSAL_HOST_REPEATED,
    REFUSAL_HOST_INVALID,
    REFUSAL_EXPECTATION,
    /* framing */
    REFUSAL_LENGTH_INVALID,
    REFUSAL_LENGTH_REPEATED,
    REFUSAL_CODING_INVALID,
    REFUSAL_CODING_UNKNOWN,
    REFUSAL_CODING_REPEATED,
    REFUSAL_CODING_IN_1_0,
    REFUSAL_CODING_AND_LENGTH,
    REFUSAL_CHUNK_SIZE,
    REFUSAL_CHUNK_EXTENSION,
    REFUSAL_CHUNK_END,
    REFUSAL_TRAILER,
    REFUSAL_BODY_TOO_LARGE,
    /* llhttp disagrees, or we are out of memory */
    REFUSAL_GRAMMAR,
    REFUSAL_NO_MEMORY,
    REFUSAL_COUNT
};

struct refusal_text {
    const char *name;     /* for logs and tests: "bare_lf" */
    unsigned status;      /* what is answered */
    const char *sentence; /* what is wrong, for whoever wrote the client */
    const char *section;  /* where it is written */
};

/* Never NULL; REFUSAL_NONE has status 0. */
const struct refusal_text *refusal_text(enum refusal reason);

#endif
