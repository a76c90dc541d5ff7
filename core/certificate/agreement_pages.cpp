#include "core/certificate/agreement_pages.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/certificate/layout_parts.h"

namespace core {
namespace {

constexpr std::int32_t top_um = 26'000, end_um = 270'000, left_um = 30'000, width_um = 150'000;

// The marks are for a screen, where a term opens.
std::string without_marks(std::string text) {
    for (auto at = text.find(term_mark); at != std::string::npos; at = text.find(term_mark, at))
        text.erase(at, term_mark.size());
    return text;
}

class Pages {
  public:
    Pages(Document& document, const Ceremony& ceremony, const CertificateContext& context)
        : document_(document),
          agreement_(ceremony.agreement),
          text_(ceremony.agreement.original()),
          notice_(notice_of(ceremony)),
          region_(ceremony.municipality.kind == "region"),
          words_(*context.words),
          type_(*context.fonts) {}

    Status lay_out() {
        new_page();
        Style title{Face::serif, points(22), points(27), ink_colour, 0, Meaning::title};
        TRY(set(text_.title, title, left_um, 0));
        if (!text_.subtitle.empty()) {
            Style subtitle{Face::serif_italic, points(12), points(16), soft_colour};
            TRY(set(text_.subtitle, subtitle, left_um, 2'500));
        }
        Style detail{Face::sans, points(8.5), points(11.5), soft_colour};
        TRY(set(words_.say("form.agreement", {{"version", agreement_.version},
                                              {"fingerprint", short_hash(agreement_.digest.hex())}}),
                detail, left_um, 2'500));
        for (const Block& block : text_.blocks) TRY(place(block));
        if (!text_.glossary.empty()) TRY(set(words_.say("form.glossary"), heading_, left_um, 9'000));
        for (const Term& term : text_.glossary)
            TRY(set(term.word + ": " + without_marks(term.meaning), body_, left_um, 2'500));
        return notice_ != nullptr ? privacy() : Status{};
    }

  private:
    static const PrivacyNotice* notice_of(const Ceremony& ceremony) {
        const auto& notices = ceremony.municipality.privacy;
        auto found = notices.find(ceremony.agreement.original_language);
        return found == notices.end() ? nullptr : &found->second;
    }

    // What a visitor reads before anything else on a tablet.
    Status privacy() {
        TRY(set(words_.say("privacy.heading"), heading_, left_um, 9'000));
        TRY(set(notice_->purpose, body_, left_um, 2'500));
        const std::pair<const char*, const std::string*> rows[] = {
            {"privacy.controller", &notice_->controller},   {"privacy.officer", &notice_->officer},
            {"privacy.legal_basis", &notice_->legal_basis}, {"privacy.recipients", &notice_->recipients},
            {"privacy.storage", &notice_->storage},         {"privacy.rights", &notice_->rights}};
        for (const auto& [label, text] : rows)
            if (!text->empty()) TRY(set(words_.say(label) + ": " + *text, body_, left_um, 2'500));
        return {};
    }

    void new_page() {
        document_.pages.emplace_back();
        y_ = top_um;
    }

    // Below what stands there, on the next page where it does not fit; a heading takes two lines with it.
    Status set(std::string_view text, const Style& style, std::int32_t left, std::int32_t above) {
        std::int32_t width = width_um - (left - left_um);
        TRY_ASSIGN(auto lines, type_.lines(text, style, width));
        bool heads = style.meaning != Meaning::paragraph;
        std::int32_t height = static_cast<std::int32_t>(lines.size()) * style.leading_um;
        bool short_one = lines.size() <= 3;
        if (y_ > top_um) y_ += above;
        if (y_ + (short_one ? height : 2 * style.leading_um) + (heads ? 2 * body_.leading_um : 0) > end_um)
            new_page();
        bool continues = false;
        for (const std::string& line : lines) {
            if (y_ + style.leading_um > end_um) new_page(), continues = false;
            y_ = type_.place(document_.pages.back(), {line}, style, left, width, y_ + style.leading_um,
                             Align::left, continues);
            continues = true;
        }
        return {};
    }

    Status place(const Block& block) {
        std::string text = without_marks(block.text);
        switch (block.kind) {
            case Block::Kind::heading:
            case Block::Kind::principle:
                party_.reset();
                return set(text, heading_, left_um, 7'000);
            case Block::Kind::bullet:
                return set("– " + text, body_, left_um + 5'000, 1'500);
            case Block::Kind::quote: {
                Style quote = body_;
                quote.face = Face::serif_italic;
                return set(text, quote, left_um + 8'000, 3'000);
            }
            case Block::Kind::commitment:
                return promise(block.commitment);
            case Block::Kind::paragraph:
                break;
        }
        return set(text, body_, left_um, 3'000);
    }

    const char* who_promises(Party party) const {
        switch (party) {
            case Party::municipality:
                return region_ ? "read.party.region" : "read.party.municipality";
            case Party::organisation:
                return "read.party.organisation";
            case Party::together:
                break;
        }
        return "read.party.together";
    }

    Status promise(const Commitment& commitment) {
        if (party_ != commitment.party) {
            party_ = commitment.party;
            Style label{Face::sans_bold, points(9), points(12), soft_colour};
            TRY(set(words_.say(who_promises(commitment.party)), label, left_um, 4'000));
        }
        return set(commitment.id + "  " + without_marks(commitment.text), body_, left_um + 5'000, 1'500);
    }

    Document& document_;
    const Agreement& agreement_;
    const Text& text_;
    const PrivacyNotice* notice_;  // null: the municipality has none in the agreement's language
    bool region_;
    const Words& words_;
    Typesetter type_;
    std::int32_t y_ = 0;
    std::optional<Party> party_;
    Style heading_{Face::serif_bold, points(13), points(17), ink_colour, 0, Meaning::heading};
    Style body_{Face::serif, points(10.5), points(14.5), ink_colour};
};

}  // namespace

Status add_agreement_pages(Document& document, const Ceremony& ceremony, const CertificateContext& context) {
    return Pages(document, ceremony, context).lay_out();
}

}  // namespace core
