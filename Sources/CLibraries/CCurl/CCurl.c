#define _GNU_SOURCE
#define CURL_DISABLE_TYPECHECK
#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// The easy and multi setters are variadic: calling them through these types passes the arguments the same way.
static struct {
  CURLcode (*global_init)(long);
  CURL *(*easy_init)(void);
  void (*easy_cleanup)(CURL *);
  CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
  CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
  const char *(*easy_strerror)(CURLcode);
  struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
  void (*slist_free_all)(struct curl_slist *);
  CURLM *(*multi_init)(void);
  CURLMcode (*multi_cleanup)(CURLM *);
  CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
  CURLMcode (*multi_add_handle)(CURLM *, CURL *);
  CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
  CURLMcode (*multi_perform)(CURLM *, int *);
  CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd[], unsigned int, int, int *);
  CURLMcode (*multi_wakeup)(CURLM *);
  CURLMsg *(*multi_info_read)(CURLM *, int *);
} curl;

static const struct {
  const char *name;
  void **place;
} symbols[] = {
#define SYMBOL(name) {"curl_" #name, (void **)&curl.name}
  SYMBOL(global_init),  SYMBOL(easy_init),        SYMBOL(easy_cleanup),        SYMBOL(easy_setopt),
  SYMBOL(easy_getinfo), SYMBOL(easy_strerror),    SYMBOL(slist_append),        SYMBOL(slist_free_all),
  SYMBOL(multi_init),   SYMBOL(multi_cleanup),    SYMBOL(multi_setopt),        SYMBOL(multi_add_handle),
  SYMBOL(multi_perform), SYMBOL(multi_poll),      SYMBOL(multi_wakeup),        SYMBOL(multi_info_read),
  SYMBOL(multi_remove_handle),
#undef SYMBOL
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    failure = "libcurl.so.4 cannot be loaded; install the Debian package libcurl4";
    return;
  }
  for (size_t index = 0; index < sizeof symbols / sizeof *symbols; index++) {
    *symbols[index].place = dlsym(library, symbols[index].name);
    if (!*symbols[index].place) {
      failure = "libcurl.so.4 is older than 7.80; upgrade the Debian package libcurl4";
      return;
    }
  }
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) failure = "libcurl cannot initialise";
}

const char *plumb_curl_load(void) {
  pthread_once(&once, load);
  return failure;
}

CURL *plumb_curl_easy_create(void) { return curl.easy_init(); }
void plumb_curl_easy_destroy(CURL *easy) { curl.easy_cleanup(easy); }

CURLcode plumb_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl.easy_setopt(easy, option, value);
}

CURLcode plumb_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
  return curl.easy_setopt(easy, option, value);
}

CURLcode plumb_curl_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl.easy_setopt(easy, option, value);
}

CURLcode plumb_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl.easy_setopt(easy, option, value);
}

CURLcode plumb_curl_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t count) {
  struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
  return curl.easy_setopt(easy, option, &blob);
}

CURLcode plumb_curl_set_body(CURL *easy, const void *bytes, size_t count) {
  CURLcode result = curl.easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  return result != CURLE_OK ? result : curl.easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, count ? bytes : "");
}

CURLcode plumb_curl_set_chunk_function(CURL *easy, CURLoption option, plumb_curl_chunk function) {
  return curl.easy_setopt(easy, option, function);
}

CURLcode plumb_curl_set_prerequest_function(CURL *easy, plumb_curl_prerequest function) {
  return curl.easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
}

CURLcode plumb_curl_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl.easy_getinfo(easy, info, value);
}

void *plumb_curl_get_context(CURL *easy) {
  void *context = NULL;
  curl.easy_getinfo(easy, CURLINFO_PRIVATE, &context);
  return context;
}

const char *plumb_curl_error_text(CURLcode code) { return curl.easy_strerror(code); }

struct curl_slist *plumb_curl_list_append(struct curl_slist *list, const char *text) {
  return curl.slist_append(list, text);
}

void plumb_curl_list_free(struct curl_slist *list) { curl.slist_free_all(list); }

CURLM *plumb_curl_multi_create(void) { return curl.multi_init(); }
void plumb_curl_multi_destroy(CURLM *multi) { curl.multi_cleanup(multi); }

CURLMcode plumb_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl.multi_setopt(multi, option, value);
}

CURLMcode plumb_curl_multi_add(CURLM *multi, CURL *easy) { return curl.multi_add_handle(multi, easy); }
CURLMcode plumb_curl_multi_remove(CURLM *multi, CURL *easy) { return curl.multi_remove_handle(multi, easy); }

CURLMcode plumb_curl_multi_perform(CURLM *multi) {
  int running;
  return curl.multi_perform(multi, &running);
}

CURLMcode plumb_curl_multi_poll(CURLM *multi, int timeout_milliseconds) {
  return curl.multi_poll(multi, NULL, 0, timeout_milliseconds, NULL);
}

CURLMcode plumb_curl_multi_wakeup(CURLM *multi) { return curl.multi_wakeup(multi); }

CURL *plumb_curl_multi_next_done(CURLM *multi, CURLcode *result) {
  int left;
  CURLMsg *message;
  while ((message = curl.multi_info_read(multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}
