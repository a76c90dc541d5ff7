#include "kiosk/effects_clerk.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/file.h"
#include "kiosk/demo.h"
#include "kiosk/feed.h"
#include "kiosk/forget.h"
#include "kiosk/printer.h"

namespace kiosk {
namespace {

namespace fs = std::filesystem;

core::Error from_filesystem(const std::error_code& error, const std::string& what) {
    auto code = error == std::errc::no_space_on_device ? core::Errc::disk_full : core::Errc::not_writable;
    return {code, what + ": " + error.message()};
}

}  // namespace

Clerk::Clerk(EffectSettings settings, std::function<void(Action)> answer,
             std::function<void(client::Carried)> carried)
    : settings_(std::move(settings)), answer_(std::move(answer)), carried_(std::move(carried)) {
    CHECK_THAT(settings_.clock != nullptr);
}

Clerk::~Clerk() {
    if (lock_fd_ >= 0) ::close(lock_fd_);
}

core::Status Clerk::carry_out(Effect& effect) {
    auto done = std::visit([this](auto& what) { return operate(what); }, effect);
    // The clock was moved: the ceremony counts as closed, and the desk leads the host to open it again.
    if (!done.ok() && done.error().code == core::Errc::clock_implausible && store_)
        if (auto lists = this->lists(); lists.ok()) answer_(ListsRead{std::move(*lists)});
    return done;
}

// --- start

core::Status Clerk::operate(LoadStart&) {
    TRY(lock_folder());
    TRY(set_aside_unfinished());
    TRY(keep_demonstration_apart());
    auto loaded = load_ceremony_for_today();
    // What it says may name an organisation, so the journal only says where; `handslag ceremony check` says
    // what.
    for (const auto& warning : loaded.warnings)
        spdlog::warn("{}:{}: see `handslag ceremony check`", warning.file, warning.line);
    Started started;
    started.problems = loaded.problems;
    started.has_keyring = core::Keyring::exists(keys_dir());
    if (loaded.value && loaded.problems.empty()) {
        ceremony_ = std::move(loaded.value);
        use_newest_list(*ceremony_);
        started.ceremony = std::make_shared<const core::Ceremony>(*ceremony_);
        TRY_ASSIGN(started.arms,
                   core::render_arms(ceremony_->municipality.arms_svg, settings_.arms_height_px));
    }
    answer_(std::move(started));
    look_for_sticks();
    return {};
}

// From the server when the host has chosen one of its; otherwise, or when that cannot be loaded, from the folder that
// Handslag was started with.
core::Loaded<core::Ceremony> Clerk::load_chosen_ceremony() {
    if (auto chosen = chosen_ceremony(feed_dir())) {
        auto folder = unpacked_ceremony(feed_dir(), *chosen);
        auto loaded = core::load_ceremony(folder);
        if (loaded.value && loaded.problems.empty()) {
            settings_.ceremony_dir = folder;
            ceremony_position_ = *chosen;
            return loaded;
        }
        spdlog::warn("feed: the ceremony of item {} cannot be loaded, and is passed over", *chosen);
    }
    return core::load_ceremony(settings_.ceremony_dir);
}

// A demonstration is held today, unless the clock is before the agreement.
core::Loaded<core::Ceremony> Clerk::load_ceremony_for_today() {
    auto loaded = load_chosen_ceremony();
    if (!settings_.demonstration || !loaded.value) return loaded;
    auto today = core::to_swedish_time(settings_.clock->wall_ms()).date;
    auto held_today = core::load_ceremony(settings_.ceremony_dir, today);
    return held_today.value && held_today.problems.empty() ? held_today : loaded;
}

core::Status Clerk::lock_folder() {
    if (lock_fd_ >= 0) return {};
    std::error_code error;
    bool made = fs::create_directories(settings_.store_dir, error);
    if (!error && made) fs::permissions(settings_.store_dir, fs::perms::owner_all, error);
    if (error) return from_filesystem(error, settings_.store_dir.string());
    auto path = settings_.store_dir / "kiosk.lock";
    int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return from_filesystem({errno, std::generic_category()}, path.string());
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        ::close(fd);
        return core::Error{core::Errc::locked, path.string() + ": another kiosk has this store"};
    }
    lock_fd_ = fd;
    return {};
}

// Nobody has confirmed the passphrase of a keyring whose first run was cut short, so it may never open again;
// and nothing can have been signed under it, because the host's desk needs a PIN. Kept, for whoever wants to
// look.
core::Status Clerk::set_aside_unfinished() {
    std::error_code error;
    if (!fs::exists(unfinished_mark(), error)) return {};
    if (core::Keyring::pin_was_set(keys_dir())) {  // finished: only the mark could not be removed then
        fs::remove(unfinished_mark(), error);
        return {};
    }
    auto aside = settings_.store_dir / ("set-aside-" + std::to_string(settings_.clock->wall_ms()));
    fs::create_directories(aside, error);
    if (error) return from_filesystem(error, aside.string());
    for (const char* name : {"keys", "handslag.db", "handslag.db-wal", "handslag.db-shm"}) {
        if (!fs::exists(settings_.store_dir / name)) continue;
        fs::rename(settings_.store_dir / name, aside / name, error);
        if (error) return from_filesystem(error, (settings_.store_dir / name).string());
    }
    spdlog::warn("an unfinished first run was set aside in {}", aside.string());
    fs::remove(unfinished_mark(), error);
    return error ? core::Status(from_filesystem(error, unfinished_mark().string())) : core::Status();
}

// A demonstration's CA, passphrase and recovery code lie open beside its store. A real tablet must never have
// been one.
core::Status Clerk::keep_demonstration_apart() {
    std::error_code error;
    bool demonstrated = fs::exists(settings_.store_dir / "demo-ca", error);
    if (settings_.demonstration && !demonstrated && core::Keyring::exists(keys_dir()))
        return core::Error{core::Errc::not_allowed,
                           "this store is a real tablet's: --demo needs a --store of its own"};
    if (!settings_.demonstration && demonstrated)
        return core::Error{core::Errc::not_allowed,
                           "this store is a demonstration's: start with --demo, or give a new --store"};
    return {};
}

void Clerk::look_for_sticks() {
    auto found = kiosk::look_for_sticks(settings_.sticks);
    if (found == sticks_) return;
    bool host_came = !found.host.empty() && found.host != sticks_.host;
    sticks_ = found;
    StickChanged changed;
    if (!found.host.empty())
        changed.sticks.push_back({found.host.string(), found.host.filename().string(), Stick::Whose::host});
    if (!found.visitor.empty())
        changed.sticks.push_back(
            {found.visitor.string(), found.visitor.filename().string(), Stick::Whose::visitor});
    answer_(std::move(changed));
    if (!host_came || !store_ || !seal_key_) return;
    // What was sealed while no stick was there goes to it now.
    CopyToStick copy;
    if (auto status = operate(copy); !status.ok()) {
        spdlog::error("copying to the stick: {}: {}", core::to_string(status.error().code),
                      status.error().detail);
        answer_(Failed{Trouble{Job::copy_to_stick, status.error()}});
    }
}

void Clerk::prepare() {
    if (warm_tried_ || !ceremony_) return;
    warm_tried_ = true;
    // A failure comes again, with words, when a certificate is asked for.
    if (auto status = warm(); !status.ok())
        spdlog::error("preparing: {}: {}", core::to_string(status.error().code), status.error().detail);
}

// --- keys

core::Status Clerk::operate(CreateKeyring& effect) {
    if (!ceremony_) return core::Error{core::Errc::not_allowed, "no ceremony is loaded"};
    if (core::Keyring::exists(keys_dir()))
        return core::Error{core::Errc::conflict, "a keyring is there already"};
    TRY(core::write_file_durably(unfinished_mark(), core::as_bytes("Första starten pågår.\n")));
    letter_ = effect.letter;
    TRY_ASSIGN(auto created,
               core::Keyring::create(keys_dir(), words_file(), tablet_name(), settings_.clock->wall_ms()));
    keyring_.emplace(std::move(created.keyring));
    TRY(open_store());
    if (settings_.demonstration) {
        TRY(certify_demonstration());
        TRY(note_demonstration_secrets(settings_.store_dir, created.secrets));
    }
    TRY(load_seal_key());
    answer_(KeyringCreated{created.secrets.passphrase, created.secrets.recovery_code});
    core::wipe(created.secrets.passphrase);
    core::wipe(created.secrets.recovery_code);
    return greet();
}

core::Status Clerk::operate(Unlock& effect) {
    auto opened = effect.recovery ? core::Keyring::open_with_recovery_code(keys_dir(), effect.secret)
                                  : core::Keyring::open(keys_dir(), effect.secret);
    if (!opened.ok()) return opened.error();
    keyring_.emplace(std::move(opened).value());
    TRY(open_store());
    if (!keyring_->tablet_name().empty()) letter_ = keyring_->tablet_name().back();  // "Surfplatta A"
    if (settings_.demonstration) TRY(certify_demonstration());
    TRY(load_seal_key());
    if (effect.recovery) TRY(renew_passphrase(effect.secret));
    return greet();
}

// Whoever needed the recovery code has no passphrase. Stored before it is shown: what is written down opens.
// Until it is, and ever after, the recovery code opens as well; its sheet stays what it was.
core::Status Clerk::renew_passphrase(const std::string& recovery_code) {
    TRY_ASSIGN(auto passphrase, keyring_->renew_passphrase(words_file()));
    core::Status noted;
    if (settings_.demonstration)
        noted = note_demonstration_secrets(settings_.store_dir, {passphrase, recovery_code});
    if (noted.ok()) answer_(KeyringCreated{passphrase, ""});
    core::wipe(passphrase);
    return noted;
}

core::Status Clerk::open_store() {
    if (store_) return {};
    TRY_ASSIGN(auto log_key, keyring_->log_key());
    core::StoreIdentity identity{keyring_->device(), keyring_->epoch(), log_key.public_key()};
    TRY_ASSIGN(auto store,
               core::Store::open(settings_.store_dir, identity, keyring_->payload_key(), std::move(log_key)));
    store_.emplace(std::move(store));
    pin_tries_.emplace(*store_, *settings_.clock);
    return {};
}

core::Status Clerk::certify_demonstration() {
    TRY_ASSIGN(auto ca,
               demonstration_ca(settings_.store_dir, ceremony_->municipality, settings_.clock->wall_ms()));
    ceremony_->municipality.bundle_certificate_pem = ca.bundle_certificate_pem;
    ceremony_->municipality.root_certificate_pem = ca.root_pem;
    return certify_for_demonstration(*keyring_, settings_.store_dir, tablet_name(),
                                     settings_.clock->wall_ms());
}

core::Status Clerk::load_seal_key() {
    if (!keyring_->has_seal_certificate()) return {};
    TRY_ASSIGN(auto key, keyring_->seal_key());
    if (settings_.demonstration && !key.demonstration())
        return core::Error{core::Errc::not_allowed, "a real seal key never seals a demonstration"};
    seal_key_.emplace(std::move(key));
    learn_revocations();
    return {};
}

core::Status Clerk::greet() {
    Unlocked unlocked;
    TRY_ASSIGN(unlocked.lists, lists());
    TRY_ASSIGN(auto drafts, store_->drafts());
    for (auto& [id, content] : drafts) {
        unlocked.drafts[id] = std::string(core::as_text(content));
        core::wipe(content);
    }
    TRY_ASSIGN(unlocked.tablet, tablet());
    answer_(std::move(unlocked));
    return tell_sync();
}

core::Status Clerk::operate(SetPin& effect) {
    if (!keyring_) return core::Error{core::Errc::not_allowed, "the keyring is not open"};
    TRY(keyring_->set_pin(effect.pin));
    std::error_code error;
    fs::remove(unfinished_mark(), error);
    if (error) return from_filesystem(error, unfinished_mark().string());
    answer_(PinSet{});
    return {};
}

core::Status Clerk::operate(TryPin& effect) {
    if (!pin_tries_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    auto refuse = [this]() -> core::Status {
        TRY_ASSIGN(bool spent, pin_tries_->spent());
        TRY_ASSIGN(auto wait_s, pin_tries_->wait_s());
        answer_(PinTried{false, spent ? 0 : wait_s, spent});
        return {};
    };
    TRY_ASSIGN(bool spent, pin_tries_->spent());
    TRY_ASSIGN(auto wait_s, pin_tries_->wait_s());
    if (spent || wait_s > 0) return refuse();
    TRY(pin_tries_->count_try());
    if (!keyring_->pin_is(effect.pin)) {
        spdlog::warn("a wrong PIN");
        return refuse();
    }
    TRY(pin_tries_->succeed());
    answer_(PinTried{true, 0, false});
    return {};
}

// Stretching it takes long enough: nobody tries many of 2^66.
core::Status Clerk::operate(TryPassphrase& effect) {
    if (!pin_tries_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    auto opened = core::Keyring::open(keys_dir(), effect.secret);
    if (!opened.ok()) return opened.error();
    TRY(pin_tries_->succeed());
    answer_(PinTried{true, 0, false});
    return {};
}

// The request holds nothing secret, so any stick will do.
core::Status Clerk::operate(SaveRequest&) {
    if (!keyring_) return core::Error{core::Errc::not_allowed, "the keyring is not open"};
    auto stick = sticks_.host.empty() ? sticks_.visitor : sticks_.host;
    if (stick.empty()) return core::Error{core::Errc::not_found, "no stick is plugged in"};
    auto name = std::string("handslag-surfplatta-") + static_cast<char>(letter_ - 'A' + 'a') + ".csr";
    TRY(core::write_file_durably(stick / name, core::as_bytes(keyring_->seal_request_pem())));
    answer_(RequestSaved{});
    return {};
}

core::Status Clerk::operate(InstallCertificate&) {
    if (!keyring_) return core::Error{core::Errc::not_allowed, "the keyring is not open"};
    auto root = ceremony_ ? ceremony_->municipality.root_certificate_pem : std::string();
    core::Error last{core::Errc::not_found, "no .crt or .pem on a stick or in " + keys_dir().string()};
    for (const auto& folder : {sticks_.host, sticks_.visitor, keys_dir()}) {
        std::error_code error;
        if (folder.empty()) continue;
        for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
            if (at->path().extension() != ".crt" && at->path().extension() != ".pem") continue;
            auto chain = core::read_file(at->path(), 1 << 20);
            auto installed = chain.ok() ? keyring_->install_seal_certificate(core::as_text(*chain), root)
                                        : core::Status(chain.error());
            if (!installed.ok()) {
                last = installed.error();
                continue;
            }
            TRY(load_seal_key());
            TRY_ASSIGN(auto tablet, this->tablet());
            answer_(CertificateInstalled{std::move(tablet)});
            return {};
        }
    }
    return last;
}

core::Status Clerk::operate(NewId&) {
    answer_(FreshId{core::SigningId::make(settings_.clock->wall_ms())});
    printer_ = find_printer(settings_.printer);  // while they read: a service that hangs costs seconds
    return {};
}

// What the clerk keeps warm (fonts, words, arms, keys) says nothing of a visitor; what it held of one was
// overwritten as it was given back. Short words live inside their owners, so the stack has to forget as well.
core::Status Clerk::operate(Wipe&) {
    forget_stack();
    return {};
}

std::string Clerk::tablet_name() const { return std::string("Surfplatta ") + letter_; }

core::Result<Tablet> Clerk::tablet() {
    Tablet tablet;
    tablet.letter = letter_;
    tablet.name = tablet_name();
    tablet.demonstration = seal_key_ ? seal_key_->demonstration() : settings_.demonstration;
    tablet.has_seal_certificate = seal_key_.has_value();
    if (seal_key_)
        tablet.seals_from_ms = seal_key_->not_before_ms(), tablet.seals_until_ms = seal_key_->not_after_ms();
    tablet.has_pin = keyring_ && keyring_->has_pin();
    if (pin_tries_) {
        TRY_ASSIGN(tablet.pin_locked, pin_tries_->spent());
    }
    return tablet;
}

const char* name_of(Job job) {
    switch (job) {
        case Job::load_start:
            return "load_start";
        case Job::create_keyring:
            return "create_keyring";
        case Job::unlock:
            return "unlock";
        case Job::set_pin:
            return "set_pin";
        case Job::try_pin:
            return "try_pin";
        case Job::try_passphrase:
            return "try_passphrase";
        case Job::save_request:
            return "save_request";
        case Job::install_certificate:
            return "install_certificate";
        case Job::open_ceremony:
            return "open_ceremony";
        case Job::save_draft:
            return "save_draft";
        case Job::drop_draft:
            return "drop_draft";
        case Job::new_id:
            return "new_id";
        case Job::check_drawable:
            return "check_drawable";
        case Job::complete_signing:
            return "complete_signing";
        case Job::void_signing:
            return "void_signing";
        case Job::show_certificate:
            return "show_certificate";
        case Job::close_ceremony:
            return "close_ceremony";
        case Job::hand_over:
            return "hand_over";
        case Job::print:
            return "print";
        case Job::copy_to_stick:
            return "copy_to_stick";
        case Job::read_lists:
            return "read_lists";
        case Job::decline:
            return "decline";
        case Job::write_forms:
            return "write_forms";
        case Job::enrol:
            return "enrol";
        case Job::start_sync:
            return "start_sync";
        case Job::keep_retention:
            return "keep_retention";
        case Job::use_ceremony:
            return "use_ceremony";
        case Job::wipe:
            return "wipe";
    }
    return "?";
}

}  // namespace kiosk
