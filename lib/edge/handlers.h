/* SPDX-License-Identifier: Apache-2.0
 * The handlers of the edge's routes; each is an http_handler given the struct edge. */
#ifndef EDGE_HANDLERS_H
#define EDGE_HANDLERS_H

#include "net/http.h"

/* registration.c, check_in.c */
void edge_handle_post_registration(struct http_exchange *exchange, void *role);
void edge_handle_register_form(struct http_exchange *exchange, void *role);
void edge_handle_post_inquiry(struct http_exchange *exchange, void *role);
void edge_handle_find_form(struct http_exchange *exchange, void *role);
void edge_handle_post_check_in(struct http_exchange *exchange, void *role);
void edge_handle_check_in_form(struct http_exchange *exchange, void *role);
/* helper.c */
void edge_handle_helper_form(struct http_exchange *exchange, void *role);
/* list.c */
void edge_handle_list_form(struct http_exchange *exchange, void *role);
void edge_handle_list_template(struct http_exchange *exchange, void *role);
/* code_again.c */
void edge_handle_code_form(struct http_exchange *exchange, void *role);
/* own_record.c */
void edge_handle_own_record(struct http_exchange *exchange, void *role);
void edge_handle_status_form(struct http_exchange *exchange, void *role);
/* crises.c */
void edge_handle_crises(struct http_exchange *exchange, void *role);
/* alerts.c */
void edge_handle_alerts(struct http_exchange *exchange, void *role);
/* openapi.c */
void edge_handle_openapi(struct http_exchange *exchange, void *role);
/* pages.c */
void edge_handle_home_page(struct http_exchange *exchange, void *role);
void edge_handle_register_page(struct http_exchange *exchange, void *role);
void edge_handle_register_all_page(struct http_exchange *exchange, void *role);
void edge_handle_check_in_page(struct http_exchange *exchange, void *role);
void edge_handle_find_page(struct http_exchange *exchange, void *role);
void edge_handle_helper_page(struct http_exchange *exchange, void *role);
void edge_handle_list_page(struct http_exchange *exchange, void *role);
void edge_handle_code_page(struct http_exchange *exchange, void *role);
void edge_handle_status_page(struct http_exchange *exchange, void *role);
void edge_handle_alerts_page(struct http_exchange *exchange, void *role);
void edge_handle_asset(struct http_exchange *exchange, void *role);
void edge_handle_privacy_page(struct http_exchange *exchange, void *role);
/* place_page.c */
void edge_handle_place(struct http_exchange *exchange, void *role);
/* leave.c */
void edge_handle_leave(struct http_exchange *exchange, void *role);
void edge_handle_forget(struct http_exchange *exchange, void *role);
void edge_handle_not_found(struct http_exchange *exchange, void *role);
void edge_handle_security_txt(struct http_exchange *exchange, void *role);
/* gateway.c */
void edge_handle_gateway_message(struct http_exchange *exchange, void *role);
/* receipts.c */
void edge_handle_gateway_receipt(struct http_exchange *exchange, void *role);

#endif
