// Staff commands: what `handslag` does, one function a command. Options are values; handslag_main.cpp reads
// them.
//
// Output is English: this is a tool for municipal IT. Results go to stdout, complaints to stderr, naming the
// input, the cause and what to do next. Exit: 0 all well; 1 judged and found wanting; 2 could not be done.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/longterm/validation_data.h"

// Not `sync`: unistd.h has a function of that name.
namespace staff {

using Path = std::filesystem::path;

enum Exit { all_well = 0, found_wanting = 1, could_not = 2 };

enum class Form { text, json };

struct VerifyOptions {
    std::vector<Path> files, trust, trust_tsa, crls;
    std::string at;  // a date, judged at its end in Sweden; empty: now
    Form form = Form::text;
};
int verify(const VerifyOptions& options);

struct ShowOptions {
    Path file;
    bool raw = false;  // the exact bytes that were sealed
    Path cms_output, signed_output;
};
int show(const ShowOptions& options);

struct ExtendOptions {
    Path file, output;  // output: empty, the file itself
    std::string tsa, policy, level = "LTA";
    std::vector<Path> trust, trust_tsa, crls;
    int renew_days = 90;  // renews a B-LTA that has fewer days left than this
    bool renew = false;   // renews it now
};
int extend(const ExtendOptions& options);

int check_ceremony(const Path& folder);
int write_forms(const Path& folder, const Path& output, int empty);
int check_agreement(const Path& folder);

struct CaCreateOptions {
    Path dir, passphrase_file;
    std::string municipality, number;
    bool demonstration = false;
    int root_years = 20, issuing_years = 10;
    std::string crl_base;
};
int create_ca(const CaCreateOptions& options);

struct CaIssueOptions {
    Path dir, request, passphrase_file, output;
    std::string kind = "seal", name;
    int years = 3;
};
int issue_certificate(const CaIssueOptions& options);
struct CaActOptions {
    Path dir, passphrase_file, output;
    std::string serial, reason = "unspecified";
    int years = 3, days = 30;
    bool root = false, new_key = false;
    Path root_key;         // empty: DIR/root.key
    std::string crl_base;  // empty: as it was
};
int renew_certificate(const CaActOptions& options);
int revoke_certificate(const CaActOptions& options);
int write_crl(const CaActOptions& options);
int renew_issuing(const CaActOptions& options);
int show_ca(const Path& dir, Form form);

struct KeyOptions {
    std::string name;
    Path output, passphrase_file;  // output: "bundle" makes bundle.key and bundle.csr
};
int create_key(const KeyOptions& options);

// Held while a command changes a tablet's keys. Errc::locked while its kiosk runs, and that holds for the whole folder.
class TabletLock {
  public:
    static core::Result<TabletLock> take(const Path& dir);
    TabletLock(TabletLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    TabletLock& operator=(TabletLock&&) = delete;
    ~TabletLock();

  private:
    explicit TabletLock(int fd) : fd_(fd) {}
    int fd_;
};

struct TokenOptions {
    std::string uri;
    Path pin_file;
};
// Makes the tablet's seal key the token's, which has to be plugged in; its request is for that key afterwards.
int use_token(const Path& dir, const TokenOptions& options, const Path& passphrase_file);
int write_request(const Path& dir, const Path& output);
int install_certificate(const Path& dir, const Path& chain, const Path& passphrase_file);

struct AuditOptions {
    Path store, keys, passphrase_file;
    Form form = Form::text;
};
int audit(const AuditOptions& options);

struct BundleOptions {
    Path file, key, certificate, passphrase_file, output;
    std::string log_key;  // hex, as the tablet's sealed protocol tells it; empty: not compared
};
int read_bundle(const BundleOptions& options);

// All certificates of these files, as PEM; all revocation lists of those. Errors name the file.
core::Result<std::string> read_trust(const std::vector<Path>& files);
core::Result<core::ValidationData> read_lists(const std::vector<Path>& files);

// Says what failed on stderr, with a hint where there is one; gives back could_not.
int complain(const std::string& about, const core::Error& error);

// The first line of the file ("-": of stdin); without a file, asks on the terminal, unseen.
enum class Asking { once, twice };
core::Result<std::string> read_secret(const Path& file, const std::string& what,
                                      Asking asking = Asking::once);

// The folder that holds keyring.json: DIR itself, or DIR/keys.
Path keys_folder(const Path& dir);

core::Result<std::string> read_text(const Path& file);
std::string date_of(std::int64_t wall_ms);  // 2026-11-21, in Sweden

}  // namespace staff
