/* SPDX-License-Identifier: Apache-2.0
 * What Muster knows of each SMS gateway: a row of one table, read by the rooms of this folder. To add a gateway, add a row in kind.c. */
#ifndef GATEWAY_KIND_H
#define GATEWAY_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/slice.h"
#include "gateway/proof.h"

/* Where a gateway puts its fields. Added up. */
enum {
    GATEWAY_IN_QUERY = 1,
    GATEWAY_IN_FORM = 2, /* application/x-www-form-urlencoded */
    GATEWAY_IN_JSON = 4, /* application/json */
};

/* Field names. In JSON a name is a path, "payload/message"; names parted by "|" are tried in turn. NULL: the gateway has none. */
struct gateway_message_form {
    const char *list;  /* JSON: the path of the list of messages; NULL: a request is one message */
    const char *event; /* what a request is about: unless it is one of `event_texts`, it holds no text message */
    const char *event_texts;
    const char *from, *to, *id, *text;
    size_t
        id_length; /* of every id; 0: they differ. Where a signature runs names and values together it keeps the id whole */
    bool probes;    /* what has no id is a test of the connection */
    const char *at; /* see gateway/time.h for the forms that are read */
    const char *coding, *charset;
    const char *ucs2; /* the value of `coding` that says UCS-2 */
    const char *hex;  /* the text's octets in hexadecimal; taken instead of `text` where it is UCS-2 */
    bool escapes;     /* where the charset is not UTF-8 the text is percent-encoded once more */
    /* Of a long message that comes in pieces; or the user data header that tells them, as octets or in hexadecimal. */
    const char *part_reference, *part_number, *part_total;
    const char *udh;
};

/* What became of a text that was handed over. */
enum gateway_delivery {
    GATEWAY_UNKNOWN,   /* the gateway does not know, or uses a word that we do not: nothing changes */
    GATEWAY_QUEUED,    /* it waits, there or at the network */
    GATEWAY_SENT,      /* the network has it */
    GATEWAY_DELIVERED, /* the handset has it */
    GATEWAY_FAILED,
    GATEWAY_EXPIRED,
    GATEWAY_REJECTED,
};

struct gateway_word {
    const char *word; /* of either case; "ESME_R*": all that begin so. NULL ends the list */
    enum gateway_delivery state;
};

struct gateway_receipt_form {
    const char *list;
    const char *reference;                /* our own id of the text; NULL: "ref" of the address that we gave with it */
    const char *id, *state, *reason, *at; /* state NULL: the gateway sends no receipts */
    const struct gateway_word *words;
};

/* What a gateway's answer to a text means. */
enum gateway_sending {
    GATEWAY_VERDICTS_END, /* ends a list of verdicts */
    GATEWAY_TAKEN,
    GATEWAY_AGAIN,  /* it was not taken, and may be later */
    GATEWAY_NEVER,  /* this text, or this number, will never be taken there */
    GATEWAY_CLOSED, /* nothing will: password, credit, address. The operator has to look */
};

struct gateway_verdict {
    unsigned status;   /* of HTTP; 0: any */
    const char *where; /* a path of its JSON; NULL: the content as text */
    const char *word;  /* what must stand there; with a "*" at its end, begin so; "": anything */
    enum gateway_sending sending;
};

/* A POST. In templates {to} {to_digits} {from} {text} {hex} {ref} {receipts} {user} {password} {basic} {coding} stand for values, which are escaped
 * as their place asks: percent-encoded in an address or a form, as JSON with its quotation marks, as they are in a header or in plain text. */
struct gateway_send_form {
    const char *base; /* its address; NULL: each operator has another */
    const char *path; /* behind it; NULL: nothing can be handed over */
    const char *type, *headers;
    const char *body, *body_ucs2;     /* the second where a text needs it, if not NULL */
    const char *coding, *coding_ucs2; /* what {coding} stands for */
    const char *id; /* its id of the text: a path of JSON; "\"": between quotation marks; NULL: it tells none */
    bool repeats;   /* it knows our reference again: a text handed over twice is sent once */
    const struct gateway_verdict *verdicts; /* the first that fits; else the status decides. NULL: the status decides */
};

/* What a gateway is answered when all its messages are on stable storage. `{text}` and `{from}` stand for the reply and whom it goes to. */
struct gateway_answer_form {
    const char *type;   /* Content-Type */
    const char *silent; /* nothing to text back */
    const char *reply;  /* NULL: its answer carries no reply */
};

struct gateway_kind {
    const char *name; /* in the register and on the command line */
    const char *title;
    const char *source; /* its documentation */
    unsigned carriage;  /* GATEWAY_IN_... */
    enum gateway_proof proof;
    struct gateway_message_form message;
    struct gateway_receipt_form receipt;
    struct gateway_send_form send;
    bool fetches; /* it is handed nothing, but asks for its texts: edge/fetched.c */
    struct gateway_answer_form answer;
};

/* NULL when there is none of that name. */
const struct gateway_kind *gateway_kind_find(struct slice name);
/* In the order of the table; NULL past the end. */
const struct gateway_kind *gateway_kind_at(size_t index);
/* `kind` with other field names: `names` is a form ("text=body&from=sender"), whose names are those of gateway_message_form. In the arena; NULL
 * when a name is none of those, a value is empty, or memory is out. Empty `names`: `kind` itself. */
const struct gateway_kind *gateway_kind_with_names(const struct gateway_kind *kind, struct slice names,
                                                   struct arena *arena);

#endif
