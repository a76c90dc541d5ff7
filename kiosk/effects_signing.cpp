// The clerk's work with signings: from the open ceremony to the sealed protocol.
#include <algorithm>

#include <spdlog/spdlog.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/bundle.h"
#include "core/certificate/blank_form.h"
#include "core/decline.h"
#include "kiosk/effects_clerk.h"
#include "kiosk/feed.h"
#include "kiosk/health.h"
#include "kiosk/printer.h"

namespace kiosk {
namespace {

void wipe_ink(core::Ink& ink) {
    for (auto& stroke : ink.strokes)
        core::wipe(stroke.points.data(), stroke.points.size() * sizeof(core::InkPoint));
    ink.strokes.clear();
}

void wipe_input(core::SigningInput& input) {
    for (auto& one : input.representatives) {
        core::wipe(one.representative.name);
        core::wipe(one.representative.role);
        core::wipe(one.signature.typed_name);
        wipe_ink(one.signature.ink);
    }
    for (auto& one : input.municipal) wipe_ink(one.signature.ink);
    core::wipe(input.private_payload.contact.name);
    core::wipe(input.private_payload.contact.email);
    core::wipe(input.private_payload.contact.phone);
    for (auto& ink : input.private_payload.full_ink) wipe_ink(ink);
}

}  // namespace

void wipe_secrets(Effect& effect) {
    if (auto* unlock = std::get_if<Unlock>(&effect)) core::wipe(unlock->secret);
    if (auto* set_pin = std::get_if<SetPin>(&effect)) core::wipe(set_pin->pin);
    if (auto* try_pin = std::get_if<TryPin>(&effect)) core::wipe(try_pin->pin);
    if (auto* try_words = std::get_if<TryPassphrase>(&effect)) core::wipe(try_words->secret);
    if (auto* save = std::get_if<SaveDraft>(&effect)) core::wipe(save->content);
    if (auto* signing = std::get_if<CompleteSigning>(&effect)) wipe_input(signing->order);
    if (auto* closing = std::get_if<CloseCeremony>(&effect))
        for (auto& one : closing->municipal) core::wipe(one.signature.witness), wipe_ink(one.signature.ink);
    if (auto* decline = std::get_if<Decline>(&effect)) core::wipe(decline->what.words);
    if (auto* drawable = std::get_if<CheckDrawable>(&effect))
        for (auto& text : drawable->texts) core::wipe(text);
}

// --- what certificates need

core::Status Clerk::warm() {
    if (!ceremony_) return core::Error{core::Errc::not_allowed, "no ceremony is loaded"};
    if (!fonts_) {
        TRY_ASSIGN(auto fonts, core::Fonts::load());
        fonts_.emplace(std::move(fonts));
    }
    if (!words_) {
        TRY_ASSIGN(auto words, core::Words::load(settings_.share_dir / "locale", "sv"));
        words_.emplace(std::move(words));
    }
    if (const auto& second = ceremony_->certificate_also_in; !second.empty() && !also_words_) {
        TRY_ASSIGN(auto words, core::Words::load(settings_.share_dir / "locale", second));
        also_words_.emplace(std::move(words));
    }
    if (!arms_) {
        TRY_ASSIGN(auto arms, core::vector_arms(ceremony_->municipality.arms_svg));
        arms_.emplace(std::move(arms));
    }
    return {};
}

core::Result<core::SigningDesk> Clerk::desk() {
    TRY(warm());
    if (!store_ || !keyring_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    TRY_ASSIGN(bool open, ceremony_is_open());
    if (!seal_key_) return core::Error{core::Errc::not_found, "this tablet has no seal certificate"};
    core::SigningDesk desk;
    desk.ceremony = &*ceremony_;
    desk.fonts = &*fonts_;
    desk.arms = &*arms_;
    desk.words = &*words_;
    desk.also_words = also_words_ ? &*also_words_ : nullptr;
    desk.seal_key = &*seal_key_;
    desk.clock = settings_.clock.get();
    desk.store = &*store_;
    desk.device = keyring_->device();
    desk.epoch = keyring_->epoch();
    desk.tablet_letter = letter_;
    desk.clock_confirmed = open;
    desk.stick = sticks_.host;
    return desk;
}

// A token that was taken out and put back is another session: its key is loaded anew at the next try.
core::Error Clerk::noticed(core::Error error) {
    token_was_silent_ = token_was_silent_ || error.code == core::Errc::token_silent;
    return error;
}
// Only before something is sealed: a card counts the tries of its PIN.
core::Status Clerk::key_for_sealing() {
    if (!token_was_silent_) return {};
    TRY(load_seal_key());
    token_was_silent_ = false;
    return {};
}

// --- the ceremony

core::Status Clerk::operate(OpenCeremony&) {
    TRY_ASSIGN(auto desk, this->desk());
    desk.clock_confirmed = true;
    TRY(core::open_ceremony(desk));
    if (auto chosen = chosen_ceremony(feed_dir());
        chosen && settings_.ceremony_dir != unpacked_ceremony(feed_dir(), *chosen)) {
        forget_choice(feed_dir());  // nothing takes the place of a ceremony that is open
        feed_read_ = false;
    }
    TRY_ASSIGN(auto lists, this->lists());
    answer_(CeremonyOpened{std::move(lists)});
    return {};
}

// The log alone decides: nobody need remember what the host confirmed, and nobody can forget it.
core::Result<bool> Clerk::ceremony_is_open() {
    if (!ceremony_) return false;
    return core::ceremony_is_open(*store_, ceremony_->id, settings_.clock->now());
}

core::Status Clerk::operate(SaveDraft& effect) {
    if (!store_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    TRY(store_->save_draft(effect.id, core::as_bytes(effect.content)));
    answer_(DraftSaved{effect.id});
    return {};
}

core::Status Clerk::operate(DropDraft& effect) {
    if (!store_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    return store_->drop_draft(effect.id);
}

// A name may be set in any of the faces, on screen and on paper.
core::Status Clerk::operate(CheckDrawable& effect) {
    TRY(warm());
    constexpr core::Face faces[] = {core::Face::serif, core::Face::serif_bold, core::Face::serif_italic,
                                    core::Face::sans, core::Face::sans_bold};
    DrawableChecked checked;
    for (const auto& text : effect.texts) {
        auto normal = core::normalise(text);
        bool drawable = normal && std::none_of(std::begin(faces), std::end(faces), [&](core::Face face) {
                            return fonts_->first_undrawable(face, *normal).has_value();
                        });
        if (!drawable) checked.undrawable.push_back(text);
    }
    answer_(std::move(checked));
    return {};
}

core::Status Clerk::operate(CompleteSigning& effect) {
    TRY(key_for_sealing());
    TRY_ASSIGN(auto desk, this->desk());
    auto stick = std::exchange(desk.stick, {});  // which comes after the answer
    auto completed_signing = core::complete_signing(desk, effect.order);
    if (!completed_signing.ok()) return noticed(completed_signing.error());
    auto made = std::move(completed_signing).value();
    // From here on the signing is durable: nothing below may say that it failed.
    shown_[made.seq] = effect.order.private_payload.show_in_room ? shown_of(made.record) : nullptr;
    on_paper_[made.seq] = core::on_paper(made.record);
    SigningCompleted completed;
    completed.certificate = shown(made.seq, made.record.certificate_number, made.record.organisation.name,
                                  std::move(made.document));
    give_personal_link(completed.certificate, made.link);
    completed.certificate.copied_to_stick = made.copied_to_stick;
    completed.lists = lists_after("a signing");
    answer_(std::move(completed));
    desk.stick = std::move(stick);
    if (!made.copied_to_stick) copy_after(desk, made.seq);
    return {};
}

// A stick that hangs does not keep who has just signed from hearing that it is sealed. Where the copy fails the host's list says that it is
// missing; the visitor need not hear of it.
void Clerk::copy_after(const core::SigningDesk& desk, std::uint64_t seq) {
    if (desk.stick.empty()) return;
    try {
        auto copied = core::copy_entry_to_stick(desk, seq);
        if (copied.ok()) copied = store_->mark_copied(seq);
        if (!copied.ok())
            return spdlog::error("the stick's copy: {}: {}", core::to_string(copied.error().code),
                                 copied.error().detail);
        if (auto lists = this->lists(); lists.ok()) answer_(ListsRead{std::move(*lists)});
    } catch (const std::exception& exception) {  // the signing is whole all the same
        spdlog::error("the stick's copy: {}", exception.what());
    }
}

// By the register's address, which a phone trusts, and not by the one that tablets sync with: they may differ. Where no
// server ever gets the signing the link would lead nowhere.
void Clerk::give_personal_link(ShownCertificate& certificate, const std::string& token) const {
    auto server = store_->value("sync.url");
    if (token.empty() || !server.ok() || !*server) return;
    certificate.link = ceremony_->municipality.register_url + "/p/" + token;
    certificate.personal = true;
}

core::Status Clerk::operate(VoidSigning& effect) {
    TRY_ASSIGN(auto desk, this->desk());
    TRY(core::void_signing(desk, effect.seq, effect.reason));
    SigningVoided voided;
    voided.seq = effect.seq;
    if (auto bytes = store_->payload(effect.seq, "record"); bytes.ok())
        if (auto record = core::decode_signing_record(core::as_text(*bytes)); record.ok())
            voided.record = std::make_shared<const core::SigningRecord>(std::move(*record));
    if (auto bytes = store_->payload(effect.seq, "private"); bytes.ok()) {
        if (auto payload = core::decode_private_payload(core::as_text(*bytes)); payload.ok())
            voided.private_payload = std::make_shared<const core::PrivatePayload>(std::move(*payload));
        core::wipe(*bytes);
    }
    voided.lists = lists_after("voiding");
    answer_(std::move(voided));
    return {};
}

core::Status Clerk::operate(ShowCertificate& effect) {
    printer_.reset();  // the host may just have set one up
    TRY_ASSIGN(auto desk, this->desk());
    TRY_ASSIGN(auto bytes, store_->payload(effect.seq, "record"));
    TRY_ASSIGN(auto record, core::decode_signing_record(core::as_text(bytes)));
    TRY_ASSIGN(auto document, core::lay_out_certificate(record, core::context_of(desk)));
    auto certificate =
        shown(effect.seq, record.certificate_number, record.organisation.name, std::move(document));
    TRY_ASSIGN(auto rows, store_->signings());
    for (const auto& row : rows)
        if (row.seq == effect.seq) certificate.copied_to_stick = row.copied_to_stick;
    answer_(CertificateShown{std::move(certificate)});
    return {};
}

core::Status Clerk::operate(CloseCeremony& effect) {
    printer_.reset();
    TRY(key_for_sealing());
    TRY_ASSIGN(auto desk, this->desk());
    auto closing = core::close_ceremony(desk, effect.municipal);
    if (!closing.ok()) return noticed(closing.error());
    auto closed = std::move(closing).value();
    if (closed.copy_problem)
        spdlog::error("the stick's copy: {}: {}", core::to_string(closed.copy_problem->code),
                      closed.copy_problem->detail);
    CeremonyClosed answer;
    answer.protocol =
        shown(closed.seq, closed.record.number, closed.record.municipality_name, std::move(closed.document));
    answer.protocol.copied_to_stick = closed.copied_to_stick;
    answer.lists = lists_after("closing");
    answer_(std::move(answer));
    return {};
}

// --- copies

// Only to a stick that is plugged in now, never to any path.
// Only the certificate's number names the job: the printing service keeps a list.
core::Status Clerk::operate(Print& effect) {
    TRY_ASSIGN(auto pdf, store_->payload(effect.seq, "certificate"));
    std::string title = "Handslag";
    TRY_ASSIGN(auto rows, store_->signings());
    for (const auto& row : rows)
        if (row.seq == effect.seq) title += " " + row.certificate_number;
    answer_(Printed{effect.seq, print(effect.printer, title, pdf)});
    core::wipe(pdf);
    return {};
}

// No person's name is on them, so any stick will do.
core::Status Clerk::operate(WriteForms& effect) {
    TRY(warm());
    if (!store_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    look_for_sticks();
    auto stick = sticks_.host.empty() ? sticks_.visitor : sticks_.host;
    if (effect.to == FormsTo::stick && stick.empty())
        return core::Error{core::Errc::not_found, "no stick is plugged in"};
    std::string printer = effect.to == FormsTo::printer ? find_printer(settings_.printer) : "";
    if (effect.to == FormsTo::printer && printer.empty()) {
        answer_(FormsWritten{effect.to, Printing::no_service});
        return {};
    }
    TRY_ASSIGN(auto rows, store_->signings());
    core::BlankFormsInput input;
    input.ceremony = &*ceremony_;
    input.demonstration = seal_key_ ? seal_key_->demonstration() : settings_.demonstration;
    for (const auto& expected : ceremony_->expected) {
        auto name = core::fold_for_search(expected.organisation.name);
        bool has_signed = std::any_of(rows.begin(), rows.end(), [&](const core::SigningRow& row) {
            return !row.voided && core::fold_for_search(row.organisation) == name;
        });
        if (!has_signed) input.whose.push_back(&expected);
    }
    core::CertificateContext context;
    context.words = &*words_, context.fonts = &*fonts_;
    TRY_ASSIGN(auto pdf, core::make_blank_forms(input, context, &*arms_, settings_.clock->wall_ms()));
    auto name = "handslag-" + ceremony_->code + "-blanketter";
    if (effect.to == FormsTo::printer) {
        answer_(FormsWritten{effect.to, print(printer, name, pdf)});
        return {};
    }
    TRY(core::write_file_durably(stick / (name + ".pdf"), pdf));
    answer_(FormsWritten{effect.to, Printing::not_yet});
    return {};
}

core::Status Clerk::operate(HandOver& effect) {
    look_for_sticks();
    if (effect.stick.empty() || (effect.stick != sticks_.visitor && effect.stick != sticks_.host))
        return core::Error{core::Errc::not_found, "the stick is gone"};
    TRY_ASSIGN(auto entry, store_->entry(effect.seq));
    bool protocol = entry.kind == "closed";
    TRY_ASSIGN(auto pdf, store_->payload(effect.seq, "certificate"));
    std::string number;
    TRY_ASSIGN(auto rows, store_->signings());
    for (const auto& row : rows)
        if (row.seq == effect.seq) number = row.certificate_number;
    if (protocol) {
        TRY_ASSIGN(auto bytes, store_->payload(effect.seq, "protocol"));
        TRY_ASSIGN(auto record, core::decode_protocol_record(core::as_text(bytes)));
        number = record.number;
    }
    if (number.empty()) return core::Error{core::Errc::not_found, "no such signing"};
    TRY(core::hand_over(effect.stick, number, pdf));
    answer_(HandedOver{});
    return {};
}

core::Status Clerk::operate(CopyToStick&) {
    TRY_ASSIGN(auto desk, this->desk());
    if (desk.stick.empty()) return core::Error{core::Errc::not_found, "no host's stick is plugged in"};
    TRY_ASSIGN(int count, core::copy_to_stick(desk));
    TRY_ASSIGN(auto lists, this->lists());
    answer_(CopiedToStick{count, std::move(lists)});
    return {};
}

core::Status Clerk::operate(Decline& effect) {
    TRY_ASSIGN(auto desk, this->desk());
    TRY(core::decline(desk, effect.what));
    answer_(Declined{lists_after("declining")});
    return {};
}

core::Status Clerk::operate(ReadLists&) {
    if (!store_) return core::Error{core::Errc::not_allowed, "the store is not open"};
    TRY_ASSIGN(auto lists, this->lists());
    answer_(ListsRead{std::move(lists)});
    return {};
}

core::Result<Lists> Clerk::lists() {
    Lists lists;
    TRY_ASSIGN(auto rows, store_->signings());
    for (auto& row : rows) {
        if (row.erased) continue;  // the server has it
        SigningLine line;
        line.seq = row.seq;
        line.certificate_number = std::move(row.certificate_number);
        line.organisation = std::move(row.organisation);
        line.organisationsnummer = std::move(row.organisationsnummer);
        line.declared_at_ms = row.declared_at_ms;
        line.voided = row.voided;
        line.void_reason = std::move(row.void_reason);
        line.copied_to_stick = row.copied_to_stick;
        TRY_ASSIGN(line.on_paper, signed_on_paper(row.seq));
        if (row.voided) {
            shown_.erase(row.seq);
        } else {
            TRY_ASSIGN(line.shown, shown_in_room(row.seq));
        }
        lists.signings.push_back(std::move(line));
    }
    if (ceremony_) {
        TRY_ASSIGN(auto declined, core::declined(*store_, ceremony_->id, declined_up_to_));
        for (auto& one : declined) declined_.push_back({std::move(one.organisation), one.reason, one.at_ms});
        declined_up_to_ = store_->size();
    }
    lists.declined = declined_;
    if (!feed_read_) read_feed(lists);
    lists.elsewhere = elsewhere_, lists.offered = offered_;
    TRY_ASSIGN(lists.unsent, store_->unsent());
    lists.seal_revoked = seal_key_ && seal_key_->revoked();
    TRY_ASSIGN(bool open, ceremony_is_open());
    lists.ceremony_open = open && !lists.seal_revoked;  // before anybody reads and signs in vain
    lists.health = read_health(settings_.store_dir);
    if (auto size = store_->size(); size > 0) {
        TRY_ASSIGN(auto last, store_->entry(size - 1));
        lists.health.clock = clock_against(last.at, settings_.clock->now());
    }
    return lists;
}

// What was just done is durable: lists that cannot be read must not make it look undone.
Lists Clerk::lists_after(const char* what) {
    auto read = lists();
    if (read.ok()) return std::move(*read);
    spdlog::error("the lists after {}: {}", what, read.error().detail);
    return {};
}

ShownCertificate Clerk::shown(std::uint64_t seq, std::string number, std::string organisation,
                              core::Document document) const {
    ShownCertificate certificate;
    certificate.seq = seq;
    certificate.link = ceremony_->municipality.register_url + "/v/" + number;
    certificate.certificate_number = std::move(number);
    certificate.organisation = std::move(organisation);
    if (!document.pages.empty()) document.pages.front().items.emplace_back(seal_for_screen());
    certificate.document = std::make_shared<const core::Document>(std::move(document));
    certificate.printer = printer_ ? *printer_ : find_printer(settings_.printer);
    return certificate;
}

}  // namespace kiosk
