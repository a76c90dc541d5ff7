// Clerk: carries out one Effect at a time with the real keyring, store and certificates. Lives on the effect
// thread.
//
// STORE/keys/               the keyring (core/certificate/keyring.h)
// STORE/handslag.db         the evidence (core/evidence/store.h)
// STORE/kiosk.lock          held while a kiosk runs on this folder
// STORE/first-run-unfinished  stands from the making of the keyring until a PIN is set; found at start, the
// half-made
//                           keyring (whose passphrase nobody has confirmed) is set aside and the first run
//                           begins anew
#pragma once

#include <map>
#include <optional>
#include <set>

#include "core/certificate/arms.h"
#include "core/certificate/keyring.h"
#include "core/signing.h"
#include "kiosk/effects.h"
#include "kiosk/effects_pin.h"
#include "kiosk/transfer.h"
#include "sync/client/link.h"
#include "sync/client/renewal.h"

namespace kiosk {

const char* name_of(Job job);  // for the journal

core::InkItem seal_for_screen();  // the mark that sealing puts on a certificate's first page

// What the room may see of a signing whose representatives agreed to it.
std::shared_ptr<const Shown> shown_of(const core::SigningRecord& record);

// Overwrites the secrets and personal data that an Effect carried.
void wipe_secrets(Effect& effect);

class Clerk {
  public:
    // `carried` gets what the transfer thread brings, on that thread: it queues it for take().
    Clerk(EffectSettings settings, std::function<void(Action)> answer,
          std::function<void(client::Carried)> carried);
    Clerk(const Clerk&) = delete;
    Clerk& operator=(const Clerk&) = delete;
    ~Clerk();

    core::Status carry_out(Effect& effect);     // answers, or says why not
    void take(const client::Carried& carried);  // the server's answer; goes on with the sync
    void look_for_sticks();                     // answers when they have changed
    void prepare();     // warms what signings need, once, when there is nothing else to do
    bool seal_ahead();  // one parcel more of a sync, while the server works; false: there is nothing to seal

  private:
    core::Status operate(LoadStart&);
    core::Status operate(CreateKeyring& effect);
    core::Status operate(Unlock& effect);
    core::Status operate(SetPin& effect);
    core::Status operate(TryPin& effect);
    core::Status operate(TryPassphrase& effect);
    core::Status operate(SaveRequest&);
    core::Status operate(InstallCertificate&);
    core::Status operate(OpenCeremony&);
    core::Status operate(SaveDraft& effect);
    core::Status operate(DropDraft& effect);
    core::Status operate(NewId&);
    core::Status operate(CheckDrawable& effect);
    core::Status operate(CompleteSigning& effect);
    core::Status operate(VoidSigning& effect);
    core::Status operate(ShowCertificate& effect);
    core::Status operate(CloseCeremony& effect);
    core::Status operate(HandOver& effect);
    core::Status operate(Print& effect);
    core::Status operate(CopyToStick&);
    core::Status operate(ReadLists&);
    core::Status operate(Decline& effect);
    core::Status operate(WriteForms& effect);
    core::Status operate(Enrol& effect);
    core::Status operate(StartSync&);
    core::Status operate(KeepRetention&);
    core::Status operate(UseCeremony& effect);
    core::Status operate(Wipe&);

    core::Loaded<core::Ceremony> load_chosen_ceremony();
    core::Loaded<core::Ceremony> load_ceremony_for_today();
    void use_newest_list(core::Ceremony& ceremony);  // of expected organisations, as the server sent it
    void take_newest_list();                         // ... while the ceremony is in use
    core::Status lock_folder();
    core::Status set_aside_unfinished();
    core::Status keep_demonstration_apart();
    core::Status renew_passphrase(const std::string& recovery_code);
    core::Status open_store();
    core::Status certify_demonstration();
    core::Status load_seal_key();
    core::Error noticed(core::Error error);
    core::Status key_for_sealing();
    core::Status warm();
    core::Status greet();                    // Unlocked
    core::Result<core::SigningDesk> desk();  // ready for certificates
    core::Result<Lists> lists();
    Lists lists_after(const char* what);
    core::Result<std::shared_ptr<const Shown>> shown_in_room(std::uint64_t seq);
    core::Result<bool> signed_on_paper(std::uint64_t seq);
    void read_feed(const Lists& own);       // what other tablets have signed
    void learn_revocations();               // whether the seal key's own certificate is revoked
    core::Result<bool> ceremony_is_open();  // this one, and the host's word about the clock still holds
    core::Result<SyncState> sync_state() const;
    void count(SyncState& state) const;
    core::Status tell_sync();
    core::Status send_next(client::Trouble before);
    core::Status take_enrolment(const client::Carried& carried);
    core::Status take_answer(const client::Carried& carried);
    core::Result<bool> enrolled_by_stick();
    core::Status leave_request(const client::Carried& carried);
    core::Result<bool> begin_renewal();
    core::Status take_renewal(const client::Carried& carried);
    core::Status end_transfer(const char* words, bool well);
    std::string tablet_name() const;
    core::Result<Tablet> tablet();
    ShownCertificate shown(std::uint64_t seq, std::string number, std::string organisation,
                           core::Document document) const;
    void copy_after(const core::SigningDesk& desk, std::uint64_t seq);
    void give_personal_link(ShownCertificate& certificate, const std::string& token) const;

    std::filesystem::path keys_dir() const { return settings_.store_dir / "keys"; }
    std::filesystem::path feed_dir() const { return settings_.store_dir / "feed"; }
    std::filesystem::path words_file() const { return settings_.share_dir / "words" / "passphrase-sv.txt"; }
    std::filesystem::path unfinished_mark() const { return settings_.store_dir / "first-run-unfinished"; }

    EffectSettings settings_;
    std::function<void(Action)> answer_;
    const std::function<void(client::Carried)> carried_;
    int lock_fd_ = -1;
    std::optional<core::Ceremony> ceremony_;
    std::uint64_t ceremony_position_ = 0, list_position_ = 0;  // in the feed; 0: of its own folder
    bool list_refused_ = false;                                // the newest one: the one before stays
    std::optional<core::Keyring> keyring_;
    std::optional<core::Store> store_;
    std::optional<core::SealKey> seal_key_;
    bool token_was_silent_ = false;
    std::optional<PinTries> pin_tries_;
    std::optional<core::Fonts> fonts_;
    std::optional<core::VectorArms> arms_;
    std::optional<core::Words> words_, also_words_;  // the certificate's language, and its second one
    char letter_ = 'A';
    bool warm_tried_ = false;
    std::optional<std::string> printer_;  // as it was when the visit began
    Sticks sticks_;
    std::map<std::uint64_t, std::shared_ptr<const Shown>>
        shown_;  // as payloads said, so that lists need not open them again; null: not to be shown
    std::map<std::uint64_t, bool> on_paper_;  // as records said; they never change
    std::vector<DeclinedLine> declined_;      // of the log up to here
    std::uint64_t declined_up_to_ = 0;

    // A sync or an enrolment in hand; the transfer goes first, so that nothing comes for what is gone.
    std::optional<core::Ed25519Key> sync_log_key_;
    std::optional<core::SecretKey> transfer_key_;
    std::optional<client::Session> session_;
    int sealed_ahead_ = 0;  // in this session
    std::optional<client::Enrolment> enrolment_;
    std::optional<client::Renewal> renewal_;  // after a session that is done
    SyncState told_;
    std::shared_ptr<const std::vector<SignedElsewhere>> elsewhere_;
    std::shared_ptr<const std::vector<OfferedCeremony>> offered_;
    std::vector<core::Bytes> revocations_;  // lists from the feed
    std::uint64_t feed_unreadable_ = 0;
    bool feed_read_ = false;
    client::Patience patience_;
    std::unique_ptr<Transfer> transfer_;
};

}  // namespace kiosk
