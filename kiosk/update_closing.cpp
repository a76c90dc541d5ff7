// The ceremony's closing: each who signs for the municipality draws a signature or types the name beside a witness.
#include "core/base/text.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

// Answers whether the action was the closing's own; what is not goes on to the desk.
struct Closes {
    Turn& turn;
    State& state = turn.state;
    Desk& desk = *living<Desk>(turn.state);
    DeskClosing& closing = std::get<DeskClosing>(desk.page);

    bool signs() const { return closing.who >= 0 && !closing.busy; }
    core::MunicipalSignature& at_hand() { return closing.municipal[static_cast<std::size_t>(closing.who)]; }

    // --- the pen

    bool operator()(const AddInk& event) {
        return change_ink([&](core::Ink& ink, Pen& pen) { add_ink(ink, pen, event); });
    }
    bool operator()(const UndoStroke&) { return change_ink(undo_stroke); }
    bool operator()(const RestartInk&) {
        return change_ink([](core::Ink& ink, Pen& pen) { ink.strokes.clear(), pen = {}; });
    }
    template <class Change>
    bool change_ink(const Change& change) {
        if (!signs() || closing.types) return true;
        change(at_hand().signature.ink, closing.pen);
        closing.refused.reset();
        return true;
    }
    bool operator()(const Dismiss&) {
        closing.refused.reset();
        return true;
    }

    // --- the keys

    // The host is here already, by the PIN that opened the desk, and may be the one who signs: so who saw it is named.
    bool operator()(const CannotDraw&) {
        if (signs() && !closing.types) sign_anew(), closing.types = true;
        return true;
    }
    bool operator()(const Type& type) {
        if (!signs() || !closing.types || type.text.size() > 400 || !core::is_utf8(type.text)) return true;
        auto& signature = at_hand().signature;
        if (type.field == Field::typed_name) set_text(signature.typed_name, type.text);
        if (type.field == Field::witness) set_text(signature.witness, type.text);
        return true;
    }
    void sign_anew() {
        auto& signature = at_hand().signature;
        core::wipe(signature.typed_name), core::wipe(signature.witness);
        signature = {};
        closing.pen = {}, closing.types = false;
        closing.refused.reset(), closing.errors.clear();
    }

    // --- forward and back

    bool operator()(const Continue&) {
        if (closing.busy) return true;
        if (closing.who >= 0) {
            countersign();
            return true;
        }
        closing.municipal.clear();
        for (const auto& signatory : state.ceremony->signatories)
            closing.municipal.push_back({signatory, {}});
        next_signatory();
        return true;
    }
    // Whoever is not in the room is passed over, as long as somebody signs.
    bool operator()(const SignLater&) {
        if (!signs() || closing.types) return true;
        sign_anew();
        next_signatory();
        return true;
    }
    bool operator()(const Back&) {
        if (closing.busy) return true;
        if (closing.who < 0) return false;
        if (closing.types)
            sign_anew();
        else
            desk.page = DeskClosing{};
        return true;
    }
    bool operator()(const TryAgain&) {
        if (signs()) state.trouble.reset(), close();
        return true;
    }

    void countersign() {
        auto& [signatory, signature] = at_hand();
        if (closing.types) {
            closing.errors = typed_name_errors(signature, signatory.name);
            for (auto& error : witness_errors(signature, signatory.name))
                closing.errors.push_back(std::move(error));
            if (!closing.errors.empty()) return;
            sign_by_name(signature, *core::parse_name(signature.witness).value, state.wall_ms);
        } else if (auto verdict = core::judge(signature.ink); verdict != core::InkVerdict::good) {
            closing.refused = verdict;
            return;
        }
        signature.signed_at_ms = state.wall_ms;
        next_signatory();
    }
    void next_signatory() {
        closing.pen = {}, closing.types = false;
        closing.refused.reset(), closing.errors.clear();
        if (++closing.who == static_cast<int>(closing.municipal.size())) close();
    }
    void close() {
        std::vector<core::MunicipalSignature> signed_by;
        for (const auto& municipal : closing.municipal)
            if (municipal.signature.signed_at_ms != 0) signed_by.push_back(municipal);
        if (signed_by.empty()) {
            closing.who = -1;  // nobody: back to the question
            return;
        }
        for (auto& municipal : signed_by) municipal.signature.ink = core::shape_only(municipal.signature.ink);
        closing.who = static_cast<int>(closing.municipal.size()) - 1;
        closing.types = at_hand().signature.kind == core::Signature::Kind::typed_witnessed;
        closing.busy = true;
        turn.ask(CloseCeremony{std::move(signed_by)});
    }

    bool operator()(const Failed& failed) {
        if (!is_about_pin(failed)) closing.busy = false;
        return false;  // the desk shows it
    }

    template <class Other>
    bool operator()(const Other&) {
        return false;
    }
};

}  // namespace

bool update_closing(Turn& turn, const Action& action) { return std::visit(Closes{turn}, action); }

}  // namespace kiosk
