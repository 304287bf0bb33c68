// libcurl opened at its first use: loading it costs more than all the rest of a short command.
//
// Types and constants come from the library's own header; every call goes through a function here, because the
// library is not linked and because Swift cannot call variadic functions.
#pragma once
#include <curl/curl.h>
#include <stddef.h>

/// Opens the library once per process. NULL, or what to tell the user; the text lives as long as the process.
const char *plumb_curl_load(void);

CURL *plumb_curl_easy_create(void);
void plumb_curl_easy_destroy(CURL *easy);
CURLcode plumb_curl_set_long(CURL *easy, CURLoption option, long value);
CURLcode plumb_curl_set_size(CURL *easy, CURLoption option, curl_off_t value);
/// The library copies the text; NULL takes the option back.
CURLcode plumb_curl_set_text(CURL *easy, CURLoption option, const char *value);
/// The library keeps the pointer.
CURLcode plumb_curl_set_pointer(CURL *easy, CURLoption option, void *value);
/// The library copies the bytes.
CURLcode plumb_curl_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t count);
/// The library copies `count` bytes as the request's body; 0 bytes are an empty body.
CURLcode plumb_curl_set_body(CURL *easy, const void *bytes, size_t count);
typedef size_t (*plumb_curl_chunk)(char *bytes, size_t size, size_t count, void *context);
/// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
CURLcode plumb_curl_set_chunk_function(CURL *easy, CURLoption option, plumb_curl_chunk function);
typedef int (*plumb_curl_prerequest)(
  void *context, char *remote_address, char *local_address, int remote_port, int local_port);
/// Called each time that a request is about to be written to a connection.
CURLcode plumb_curl_set_prerequest_function(CURL *easy, plumb_curl_prerequest function);
CURLcode plumb_curl_get_long(CURL *easy, CURLINFO info, long *value);
void *plumb_curl_get_context(CURL *easy);
const char *plumb_curl_error_text(CURLcode code);

struct curl_slist *plumb_curl_list_append(struct curl_slist *list, const char *text);
void plumb_curl_list_free(struct curl_slist *list);

CURLM *plumb_curl_multi_create(void);
void plumb_curl_multi_destroy(CURLM *multi);
CURLMcode plumb_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode plumb_curl_multi_add(CURLM *multi, CURL *easy);
CURLMcode plumb_curl_multi_remove(CURLM *multi, CURL *easy);
CURLMcode plumb_curl_multi_perform(CURLM *multi);
CURLMcode plumb_curl_multi_poll(CURLM *multi, int timeout_milliseconds);
/// Ends a poll; callable from any thread.
CURLMcode plumb_curl_multi_wakeup(CURLM *multi);
/// The next ended transfer with its result, or NULL.
CURL *plumb_curl_multi_next_done(CURLM *multi, CURLcode *result);
