#include "kiosk/platform/frame_loop.h"

#include <algorithm>

#include "kiosk/platform/png.h"

namespace kiosk {
namespace {

constexpr int most_passes_at_once = 8;

double ms_since(Uint64 begun) {
    return static_cast<double>(SDL_GetPerformanceCounter() - begun) * 1000 /
           static_cast<double>(SDL_GetPerformanceFrequency());
}

}  // namespace

// The Ui's side of the renderer.
struct FrameLoop::Platform : Ui::Platform {
    Renderer* renderer = nullptr;
    TextureId make_texture(int width, int height) override { return renderer->make_texture(width, height); }
    void update_texture(TextureId id, int x, int y, int width, int height,
                        const std::uint8_t* rgba) override {
        renderer->update_texture(id, x, y, width, height, rgba);
    }
    void free_texture(TextureId id) override { renderer->free_texture(id); }
    int texture_generation() const override { return renderer->generation(); }
};

FrameLoop::FrameLoop() = default;
FrameLoop::~FrameLoop() = default;

core::Result<std::unique_ptr<FrameLoop>> FrameLoop::open(const FrameLoopOptions& options) {
    std::unique_ptr<FrameLoop> loop(new FrameLoop);
    TRY_ASSIGN(auto fonts, Fonts::open(options.font_dir));
    TRY_ASSIGN(loop->window_, Window::open(options.window));
    TRY_ASSIGN(loop->renderer_, Renderer::open(*loop->window_, options.rendering));
    loop->platform_ = std::make_unique<Platform>();
    loop->platform_->renderer = loop->renderer_.get();
    loop->platform_->fonts = std::move(fonts);
    loop->platform_->words = &loop->words_;
    loop->platform_->theme = make_theme(Contrast::light, TextSize::normal, {}, loop->window_->px_per_mm());
    loop->ui_ = std::make_unique<Ui>(*loop->platform_);
    loop->wake_event_ = SDL_RegisterEvents(1);
    loop->last_input_ms_ = loop->now_ms();
    loop->size_changed();
    return loop;
}

void FrameLoop::set_draw(std::function<void(Ui&)> draw) { draw_ = std::move(draw), due_ = true; }
void FrameLoop::set_words(core::Words words) { words_ = std::move(words), due_ = true; }

void FrameLoop::set_theme(const Theme& theme) {
    platform_->theme = theme;
    platform_->theme.px_per_mm = window_->px_per_mm();
    due_ = true;
}
const Theme& FrameLoop::theme() const { return platform_->theme; }

std::int64_t FrameLoop::now_ms() const { return static_cast<std::int64_t>(SDL_GetTicks64()); }
std::int64_t FrameLoop::idle_ms() const { return now_ms() - last_input_ms_; }
const SemanticTree& FrameLoop::semantics() const { return Ui::Platform::semantics(*ui_); }
int FrameLoop::width_px() const { return platform_->width_px; }
int FrameLoop::height_px() const { return platform_->height_px; }

void FrameLoop::wake() {
    SDL_Event event{};
    event.type = wake_event_;
    SDL_PushEvent(&event);  // SDL's queue is safe to push to from any thread
}

void FrameLoop::refresh() { due_ = true; }

void FrameLoop::size_changed() {
    platform_->width_px = window_->width_px(), platform_->height_px = window_->height_px();
    platform_->theme.px_per_mm = window_->px_per_mm();
    feed_.set_size(platform_->width_px, platform_->height_px, window_->px_per_point());
    due_ = repaint_ = true;
}

void FrameLoop::resize(int width_px, int height_px, double px_per_mm) {
    window_->set_px_per_mm(px_per_mm);
    window_->resize(width_px, height_px);
    CHECK_THAT(renderer_->renew().ok());
    size_changed();
}

void FrameLoop::take(const SDL_Event& event) {
    if (event.type == wake_event_) {
        due_ = true;
        return;
    }
    switch (event.type) {
        case SDL_QUIT:  // Alt+F4, or a window manager: on a tablet the host's desk is the way out
            quit_ = quit_ || !window_->locked();
            return;
        case SDL_RENDER_TARGETS_RESET:
        case SDL_RENDER_DEVICE_RESET:
            CHECK_THAT(renderer_->renew().ok());
            size_changed();
            return;
        case SDL_WINDOWEVENT:
            if (event.window.event == SDL_WINDOWEVENT_SIZE_CHANGED &&
                (window_->width_px() != platform_->width_px ||
                 window_->height_px() != platform_->height_px)) {
                CHECK_THAT(renderer_->renew().ok());
                size_changed();
            }
            if (event.window.event == SDL_WINDOWEVENT_FOCUS_LOST) feed_.cancel();
            if (event.window.event == SDL_WINDOWEVENT_EXPOSED) due_ = repaint_ = true;
            return;
        default:
            break;
    }
    if (feed_.push(event)) last_input_ms_ = now_ms();
}

void FrameLoop::gather(int max_wait_ms) {
    SDL_Event event;
    if (!due_ && !feed_.pending()) {
        std::int64_t wait = max_wait_ms;
        if (wake_at_ms_ >= 0) {
            std::int64_t until = std::max<std::int64_t>(0, wake_at_ms_ - now_ms());
            wait = wait < 0 ? until : std::min(wait, until);
        }
        bool came =
            wait < 0 ? SDL_WaitEvent(&event) == 1 : SDL_WaitEventTimeout(&event, static_cast<int>(wait)) == 1;
        if (came) take(event);
    }
    while (SDL_PollEvent(&event) == 1) take(event);
    if (wake_at_ms_ >= 0 && now_ms() >= wake_at_ms_) due_ = true;
}

// The pen's moves go to the canvas without a pass, every one of them.
void FrameLoop::draw_ink_moves() {
    if (!Ui::Platform::ink_is_live(*ui_)) return;
    auto begun = SDL_GetPerformanceCounter();
    auto moves = feed_.take_moves();
    for (const auto& move : moves) Ui::Platform::ink_event(*ui_, move);
    InkPatch patch = Ui::Platform::take_ink_patch(*ui_);
    auto events = static_cast<std::int64_t>(moves.size());
    counts_.ink_events += events;
    if (patch.empty()) {
        counts_.late_ink_events += events;
        return;
    }
    double took_ms = ms_since(begun);
    counts_.ink_ms += took_ms, counts_.most_ink_ms = std::max(counts_.most_ink_ms, took_ms);
    renderer_->show_ink(patch);
    ++counts_.ink_frames;
}

void FrameLoop::run_passes() {
    wake_at_ms_ = -1;
    due_ = false;
    platform_->events = feed_.take_batch();
    auto begun = SDL_GetPerformanceCounter();
    for (int i = 0; i < most_passes_at_once; ++i) {
        platform_->now_ms = now_ms();
        Ui::Platform::run_pass(*ui_, draw_);
        ++counts_.passes;
        if (!Ui::Platform::wants_another_pass(*ui_)) break;
    }
    counts_.pass_ms += ms_since(begun);
    if (auto wake = Ui::Platform::wake_after_ms(*ui_)) wake_at_ms_ = now_ms() + *wake;
    if (listener_) listener_(semantics());
    InkPatch changed = Ui::Platform::take_ink_patch(*ui_);
    auto hash = Ui::Platform::picture_hash(*ui_);
    if (hash == shown_hash_ && !repaint_) {
        renderer_->show_ink(changed);
        return;
    }
    renderer_->paint_page(Ui::Platform::draw_lists(*ui_));
    renderer_->show(Ui::Platform::whole_ink_patch(*ui_));
    shown_hash_ = hash, repaint_ = false;
    ++counts_.pages;
}

bool FrameLoop::turn(int max_wait_ms) {
    if (!draw_) return false;
    gather(max_wait_ms);
    draw_ink_moves();
    if (!quit_ && (due_ || feed_.pending())) run_passes();
    return !quit_;
}

void FrameLoop::settle() {
    do turn(0);
    while (!quit_ && (due_ || feed_.pending() || SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT) == SDL_TRUE));
}

core::Result<core::Image> FrameLoop::picture() { return renderer_->picture(); }

core::Status FrameLoop::screenshot(const std::filesystem::path& path) {
    TRY_ASSIGN(auto image, picture());
    return write_png(path, image);
}

}  // namespace kiosk
