/* SPDX-License-Identifier: Apache-2.0
 * The desk's routes, by the file that serves them. */
#ifndef DESK_HANDLERS_H
#define DESK_HANDLERS_H

#include "net/http.h"

/* sign_in.c, sign_in_form.c, account.c */
http_handler desk_post_session;
http_handler desk_sign_in_form;
http_handler desk_sign_in_card; /* card.c */
http_handler desk_delete_session;
http_handler desk_me;

/* sessions.c, tokens.c */
http_handler desk_sessions;
http_handler desk_delete_one_session;
http_handler desk_post_token;

/* password.c, resets.c */
http_handler desk_post_password;
http_handler desk_resets;
http_handler desk_post_reset;
http_handler desk_approve_reset;
http_handler desk_delete_reset;

/* account_page.c */
http_handler desk_account_page;
http_handler desk_account_totp;

/* queues.c, cases.c, claim.c */
http_handler desk_queues;
http_handler desk_cases;
http_handler desk_claim;

/* case_view.c, case_actions.c */
http_handler desk_case;
http_handler desk_check_ins;
http_handler desk_case_action;

/* registrations.c */
http_handler desk_post_registration;
/* events.c, presence.c */
http_handler desk_events;
http_handler desk_presence;
/* search.c, duplicates.c, keep_apart.c */
http_handler desk_search;
http_handler desk_duplicates;
http_handler desk_keep_apart;
http_handler desk_maybe_same;
/* take_check_in.c */
http_handler desk_post_check_in;
/* merge.c */
http_handler desk_merge;
http_handler desk_unmerge;
/* warden.c, warden_word.c, warden_list.c, wardens.c */
http_handler desk_warden;
http_handler desk_post_word;
http_handler desk_delete_word;
http_handler desk_warden_list;
http_handler desk_put_warden_list;
http_handler desk_post_warden_list;
http_handler desk_delete_warden_list;
http_handler desk_wardens;
http_handler desk_take_household;
/* colleagues.c */
http_handler desk_colleagues;
/* policy.c, policy_views.c */
http_handler desk_policy;
http_handler desk_put_policy;
http_handler desk_patch_policy;
http_handler desk_policy_history;
http_handler desk_policy_preview;

/* shift.c */
http_handler desk_hand_overs;
http_handler desk_post_hand_over;
http_handler desk_hand_over_read;

/* broadcasts.c, broadcast_action.c */
http_handler desk_broadcasts;
http_handler desk_post_broadcast;
http_handler desk_broadcast;
http_handler desk_broadcast_action;

/* map.c */
http_handler desk_map;
http_handler desk_places;

/* zones.c */
http_handler desk_zones;
http_handler desk_zone;
http_handler desk_post_zone;
http_handler desk_preview_zone;
http_handler desk_put_zone;
http_handler desk_delete_zone;

/* figures.c */
http_handler desk_figures;

/* audit.c */
http_handler desk_audit;

/* console.c */
http_handler desk_page;
http_handler desk_sign_in_page;
http_handler desk_asset;
http_handler desk_not_found;

#endif
