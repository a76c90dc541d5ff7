#include <algorithm>

#include "kiosk/screens/parts.h"

namespace kiosk {
namespace {

std::string party_mark(const Scene& scene, core::Party party) {
    switch (party) {
        case core::Party::municipality: {
            bool region = scene.state.ceremony->municipality.kind == "region";
            return scene.say(region ? "read.party.region" : "read.party.municipality");
        }
        case core::Party::organisation:
            return scene.say("read.party.organisation");
        case core::Party::together:
            return scene.say("read.party.together");
    }
    return {};
}

TextBlock to_text_block(const Scene& scene, const core::Block& block) {
    using From = core::Block::Kind;
    using To = TextBlock::Kind;
    switch (block.kind) {
        case From::heading:
        case From::principle:
            return {To::heading, block.text, "", 0};
        case From::paragraph:
            return {To::paragraph, block.text, "", 0};
        case From::bullet:
            return {To::bullet, block.text, "", 0};
        case From::quote:
            return {To::quote, block.text, "", 0};
        case From::commitment:
            break;
    }
    return {To::commitment, block.text.empty() ? block.commitment.text : block.text,
            party_mark(scene, block.commitment.party), static_cast<int>(block.commitment.party) + 1};
}

std::vector<TextBlock> blocks_of(const Scene& scene, const core::Text& text) {
    std::vector<TextBlock> blocks;
    blocks.push_back({TextBlock::Kind::title, text.title, "", 0});
    if (!text.subtitle.empty()) blocks.push_back({TextBlock::Kind::paragraph, text.subtitle, "", 0});
    for (const auto& block : text.blocks) blocks.push_back(to_text_block(scene, block));
    return blocks;
}

// The other way of saying the same: easy Swedish for Swedish and back; nothing where there is none.
std::string easy_or_whole(const State& state, const std::string& language) {
    bool easy = language.ends_with("_easy");
    std::string other = easy ? language.substr(0, language.size() - 5) : language + "_easy";
    const auto& offered = state.ceremony->languages;
    return std::find(offered.begin(), offered.end(), other) == offered.end() ? "" : other;
}

}  // namespace

void draw_read(const Scene& scene, const Visiting& visiting, const ReadStep& step) {
    const auto& language = visiting.visit.language;
    const auto& text = text_for(scene.state, language);
    std::string other = easy_or_whole(scene.state, language);
    std::string secondary =
        other.empty() ? "" : scene.say(other.ends_with("_easy") ? "read.easy" : "read.whole");
    auto spec = step_spec(scene, "read", Stage::read, scene.say("read.continue"), secondary);
    spec.close = true;
    auto frame = begin_screen(scene, std::move(spec));
    if (frame.secondary) scene.emit(ChooseLanguage{other});

    auto answer = scene.ui.book(blocks_of(scene, text), step.page);
    if (answer.page) scene.emit(TurnPage{*answer.page, answer.page_count});
    if (answer.term) scene.emit(OpenTerm{*answer.term});
    if (auto* term = step.open_term.empty() ? nullptr : text.term(step.open_term)) {
        if (scene.ui.ask(term->word + " – " + term->meaning, scene.say("read.close_term"), ""))
            scene.emit(Dismiss{});
    }
    end_screen(scene);
}

void draw_eligibility(const Scene& scene, const Visiting& visiting) {
    const auto& visit = visiting.visit;
    const auto& agreement = scene.state.ceremony->agreement;
    begin_step(scene, "eligibility", Stage::criteria, scene.say("frame.continue"));
    if (!visiting.errors.empty())  // one sentence for all of them; what is not ticked says so itself
        draw_error_summary(scene, {visiting.errors.front()});
    else if (visit.criteria_warned && lacks_should_criterion(agreement, visit))
        scene.ui.notice(Tone::warn, scene.say("criteria.should_warning"));
    scene.ui.heading(scene.say("criteria.heading"));
    // On a narrow page what is to be ticked stands together, and the rule before the way out.
    bool rule_first = !scene.ui.columns_stack();
    auto rule = [&] {
        if (visiting.errors.empty()) scene.ui.small(scene.say("criteria.rule"));
    };
    if (rule_first) rule();
    for (std::size_t i = 0; i < agreement.criteria.size(); ++i) {
        const auto& criterion = agreement.criteria[i];
        const auto& sentences = text_for(scene.state, visit.language).criteria;
        auto sentence = sentences.find(criterion.id);
        if (sentence == sentences.end()) sentence = agreement.original().criteria.find(criterion.id);
        bool wrong = std::any_of(visiting.errors.begin(), visiting.errors.end(),
                                 [&](const FieldError& error) { return error.index == static_cast<int>(i); });
        std::string detail = wrong                                          ? scene.say("criteria.tick_this")
                             : criterion.strength == core::Strength::should ? scene.say("criteria.should")
                                                                            : "";
        bool on = i < visit.criteria.size() && visit.criteria[i];
        if (wrong) scene.ui.anchor(field_id(Field::criterion, static_cast<int>(i)));
        draw_box(scene, Box::criterion, static_cast<int>(i),
                 sentence == agreement.original().criteria.end() ? criterion.id : sentence->second, on,
                 detail);
    }
    if (!rule_first) rule();
    if (!visit.on_paper && scene.ui.button(scene.say("decline.open"), ButtonKind::quiet))
        scene.emit(DeclineAsked{});
    end_screen(scene);
}

void draw_decline(const Scene& scene, const Visiting& visiting, const DeclineStep& step) {
    FrameSpec spec;
    spec.screen = step.done ? "declined" : "decline";
    if (step.done) {
        spec.primary = scene.say("later.done"), spec.centred = true;
        begin_screen(scene, std::move(spec));
        scene.ui.title(scene.say("declined.heading"));
        scene.ui.paragraph(scene.say("declined.words", {{"organisation", visiting.visit.name}}));
        return end_screen(scene);
    }
    spec.back = scene.say("frame.back"), spec.help = scene.say("frame.help"),
    spec.primary = scene.say("decline.do"), spec.primary_enabled = !step.busy;
    begin_screen(scene, std::move(spec));
    scene.ui.heading(scene.say("decline.heading"));
    scene.ui.paragraph(scene.say("decline.words", {{"organisation", visiting.visit.name}}));
    std::vector<std::string> options;
    int chosen = -1;
    for (auto reason : core::decline_reasons) {
        if (step.reason == reason) chosen = static_cast<int>(options.size());
        options.push_back(scene.say("decline.reason." + std::string(core::to_id(reason))));
    }
    if (auto picked = scene.ui.choice(scene.say("decline.why"), options, chosen))
        scene.emit(Choose{Choice::decline, 0, *picked});
    draw_input(scene,
               {Field::decline_words, 0, scene.say("decline.more"), scene.say("decline.more.hint"),
                FieldKind::text, true},
               step.words);
    end_screen(scene);
}

}  // namespace kiosk
