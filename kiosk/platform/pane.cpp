#include "kiosk/platform/pane.h"

#include <algorithm>

#include "kiosk/ui/ink_lead.h"

namespace kiosk {
namespace {

constexpr int most_passes_at_once = 8;

double ms_since(Uint64 begun) {
    return static_cast<double>(SDL_GetPerformanceCounter() - begun) * 1000 /
           static_cast<double>(SDL_GetPerformanceFrequency());
}

}  // namespace

// The Ui's side of the renderer.
struct Pane::Platform : Ui::Platform {
    Renderer* renderer = nullptr;
    TextureId make_texture(int width, int height) override { return renderer->make_texture(width, height); }
    void update_texture(TextureId id, int x, int y, int width, int height,
                        const std::uint8_t* rgba) override {
        renderer->update_texture(id, x, y, width, height, rgba);
    }
    void free_texture(TextureId id) override { renderer->free_texture(id); }
    int texture_generation() const override { return renderer->generation(); }
};

Pane::Pane() = default;
Pane::~Pane() = default;

core::Result<std::unique_ptr<Pane>> Pane::open(const WindowOptions& window, Rendering rendering,
                                               std::shared_ptr<Fonts> fonts) {
    std::unique_ptr<Pane> pane(new Pane);
    TRY_ASSIGN(pane->window_, Window::open(window));
    TRY_ASSIGN(pane->renderer_, Renderer::open(*pane->window_, rendering));
    pane->platform_ = std::make_unique<Platform>();
    pane->platform_->renderer = pane->renderer_.get();
    pane->platform_->fonts = std::move(fonts);
    pane->platform_->words = &pane->words_;
    pane->platform_->theme = make_theme(Contrast::light, TextSize::normal, {}, pane->window_->px_per_mm());
    pane->ui_ = std::make_unique<Ui>(*pane->platform_);
    pane->take_size();
    return pane;
}

void Pane::set_theme(const Theme& theme) {
    platform_->theme = theme;
    platform_->theme.px_per_mm = window_->px_per_mm();
    due_ = true;
}
const Theme& Pane::theme() const { return platform_->theme; }
int Pane::width_px() const { return platform_->width_px; }
int Pane::height_px() const { return platform_->height_px; }

bool Pane::due() const { return due_ || (wake_at_ms_ >= 0 && now_ms() >= wake_at_ms_); }

void Pane::take_size() {
    platform_->width_px = window_->width_px(), platform_->height_px = window_->height_px();
    platform_->theme.px_per_mm = window_->px_per_mm();
    due_ = repaint_ = true;
}

bool Pane::resized() {
    if (window_->width_px() == platform_->width_px && window_->height_px() == platform_->height_px)
        return false;
    renew();
    return true;
}

void Pane::renew() {
    CHECK_THAT(renderer_->renew().ok());
    take_size();
}

void Pane::resize(int width_px, int height_px, double px_per_mm) {
    window_->set_px_per_mm(px_per_mm);
    window_->resize(width_px, height_px);
    renew();
}

void Pane::show_ink(const InkPatch& patch) {
    if (patch.empty()) return;
    renderer_->show_ink(patch);
    ++counts_.ink_frames;
}

// The pen's moves go to the canvas without a pass, every one of them.
void Pane::draw_moves(const std::vector<PointerEvent>& moves) {
    if (moves.empty()) {
        if (fall_back_at_ms_ < 0 || now_ms() < fall_back_at_ms_) return;
        fall_back_at_ms_ = -1;
        Ui::Platform::ink_falls_back(*ui_);
        return show_ink(Ui::Platform::take_ink_patch(*ui_));
    }
    auto begun = SDL_GetPerformanceCounter();
    for (const auto& move : moves) Ui::Platform::ink_event(*ui_, move);
    InkPatch patch = Ui::Platform::take_ink_patch(*ui_);
    fall_back_at_ms_ = Ui::Platform::ink_is_ahead(*ui_) ? now_ms() + InkLead::frame_ms : -1;
    auto events = static_cast<std::int64_t>(moves.size());
    counts_.ink_events += events;
    if (patch.empty()) {
        counts_.late_ink_events += events;
        return;
    }
    double took_ms = ms_since(begun);
    counts_.ink_ms += took_ms, counts_.most_ink_ms = std::max(counts_.most_ink_ms, took_ms);
    show_ink(patch);
}

void Pane::run_passes(std::vector<InputEvent> events) {
    wake_at_ms_ = -1;
    due_ = false;
    platform_->events = std::move(events);
    auto begun = SDL_GetPerformanceCounter();
    for (int i = 0; i < most_passes_at_once; ++i) {
        platform_->now_ms = now_ms();
        Ui::Platform::run_pass(*ui_, draw_);
        ++counts_.passes;
        if (!Ui::Platform::wants_another_pass(*ui_)) break;
    }
    counts_.pass_ms += ms_since(begun);
    if (auto wake = Ui::Platform::wake_after_ms(*ui_)) wake_at_ms_ = now_ms() + *wake;
    InkPatch changed = Ui::Platform::take_ink_patch(*ui_);
    auto hash = Ui::Platform::picture_hash(*ui_);
    if (hash == shown_hash_ && !repaint_) return show_ink(changed);
    shown_hash_ = hash, repaint_ = false;
    ++counts_.pages;
    stale_ = true;
    if (paint_one_in_ > 0 && counts_.pages % paint_one_in_ == 0) paint();
}

void Pane::paint() {
    renderer_->paint_page(Ui::Platform::draw_lists(*ui_));
    renderer_->show(Ui::Platform::whole_ink_patch(*ui_));
    stale_ = false;
}

core::Result<core::Image> Pane::picture() {
    if (stale_) paint();
    return renderer_->picture();
}

}  // namespace kiosk
