// What the clerk lets the room see of a signing: only where its representatives said yes.
#include <algorithm>

#include "core/base/text.h"
#include "kiosk/effects_clerk.h"

namespace kiosk {
namespace {

constexpr std::int32_t between_um = 12'000;

// One after another on one line, as they would stand on paper; the shapes alone.
void put_beside(core::Ink& all, const core::Ink& ink) {
    auto shape = core::shape_only(ink);
    auto box = core::bounds(shape);
    std::int32_t left = all.empty() ? 0 : all.width_um + between_um;
    for (auto& stroke : shape.strokes) {
        for (auto& point : stroke.points) point.x_um += left - box.left_um;
        all.strokes.push_back(std::move(stroke));
    }
    all.width_um = left + box.right_um - box.left_um;
    all.height_um = std::max(all.height_um, shape.height_um);
}

}  // namespace

std::shared_ptr<const Shown> shown_of(const core::SigningRecord& record) {
    auto shown = std::make_shared<Shown>();
    shown->form = record.organisation.form;
    shown->form_text = record.organisation.form_text, shown->place = record.organisation.place;
    for (const auto& who : record.representatives)
        if (who.signature.kind == core::Signature::Kind::drawn && !who.signature.ink.empty())
            put_beside(shown->ink, who.signature.ink);
    return shown;
}

// Read from the private payload once; whatever is erased or void is not shown.
core::Result<std::shared_ptr<const Shown>> Clerk::shown_in_room(std::uint64_t seq) {
    if (auto known = shown_.find(seq); known != shown_.end()) return known->second;
    auto bytes = store_->payload(seq, "private");
    if (!bytes.ok() && bytes.error().code == core::Errc::not_found) return shown_[seq] = nullptr;
    if (!bytes.ok()) return bytes.error();
    TRY_ASSIGN(auto payload, core::decode_private_payload(core::as_text(*bytes)));
    core::wipe(*bytes);
    if (!payload.show_in_room) return shown_[seq] = nullptr;
    auto kept = store_->payload(seq, "record");
    if (!kept.ok() && kept.error().code == core::Errc::not_found) return shown_[seq] = nullptr;
    if (!kept.ok()) return kept.error();
    TRY_ASSIGN(auto record, core::decode_signing_record(core::as_text(*kept)));
    core::wipe(*kept);
    return shown_[seq] = shown_of(record);
}

core::Result<bool> Clerk::signed_on_paper(std::uint64_t seq) {
    if (auto known = on_paper_.find(seq); known != on_paper_.end()) return known->second;
    auto kept = store_->payload(seq, "record");
    if (!kept.ok() && kept.error().code == core::Errc::not_found) return false;
    if (!kept.ok()) return kept.error();
    TRY_ASSIGN(auto record, core::decode_signing_record(core::as_text(*kept)));
    core::wipe(*kept);
    return on_paper_[seq] = core::on_paper(record);
}

}  // namespace kiosk
