#include "kiosk/platform/renderer.h"

#include <filesystem>
#include <string_view>

#include <imgui.h>
#include <spdlog/spdlog.h>

namespace kiosk {
namespace {

core::Error sdl_error(const char* doing) {
    return {core::Errc::internal, std::string(doing) + ": " + SDL_GetError()};
}

// Straight-alpha RGBA to SDL's ARGB8888, which every renderer has.
std::vector<Uint32> to_argb(const std::uint8_t* rgba, std::size_t pixels) {
    std::vector<Uint32> argb(pixels);
    for (std::size_t i = 0; i < pixels; ++i)
        argb[i] = static_cast<Uint32>(rgba[i * 4 + 3]) << 24 | static_cast<Uint32>(rgba[i * 4]) << 16 |
                  static_cast<Uint32>(rgba[i * 4 + 1]) << 8 | rgba[i * 4 + 2];
    return argb;
}

// A renderer that says it is accelerated may still be Mesa on the processor.
bool draws_on_processor() {
    using GetString = const unsigned char* (*)(unsigned);
    constexpr unsigned gl_renderer = 0x1F01;
    auto get_string = reinterpret_cast<GetString>(SDL_GL_GetProcAddress("glGetString"));
    const auto* name = get_string != nullptr ? get_string(gl_renderer) : nullptr;
    if (name == nullptr) return false;
    std::string_view text(reinterpret_cast<const char*>(name));
    for (std::string_view software : {"llvmpipe", "softpipe", "swrast", "Software"})
        if (text.find(software) != std::string_view::npos) return true;
    return false;
}

bool has_graphics_device() {
    std::error_code error;
    for (std::filesystem::directory_iterator at("/dev/dri", error), end; !error && at != end;
         at.increment(error))
        if (at->path().filename().string().starts_with("renderD")) return true;
    return false;
}

SDL_Rect clip_of(const ImVec4& clip) {
    auto x = static_cast<int>(clip.x), y = static_cast<int>(clip.y);
    return {x, y, std::max(0, static_cast<int>(clip.z) - x), std::max(0, static_cast<int>(clip.w) - y)};
}

}  // namespace

core::Result<std::unique_ptr<Renderer>> Renderer::open(Window& window, Rendering rendering) {
    std::unique_ptr<Renderer> renderer(new Renderer(window));
    bool try_gpu = rendering == Rendering::accelerated ||
                   (rendering == Rendering::automatic && !window.headless() && has_graphics_device());
    renderer->software_ = !try_gpu;
    if (try_gpu) {
        TRY(renderer->renew());
        bool wanted = rendering == Rendering::accelerated;
        if (renderer->software_ && wanted) return sdl_error("no accelerated renderer");
        if (renderer->software_ || wanted || !draws_on_processor()) return renderer;
        renderer->give_up_acceleration();
    }
    TRY(renderer->renew());
    return renderer;
}

core::Status Renderer::renew() {
    ++generation_;
    textures_.clear();
    width_ = window_.width_px(), height_ = window_.height_px();
    ink_rect_ = {0, 0, 0, 0};
    if (!software_)
        if (auto status = renew_accelerated(); !status.ok()) {  // a display larger than the device's textures
            spdlog::warn("drawing on the processor: {}", status.error().detail);
            give_up_acceleration();
        }
    if (software_) TRY(renew_software());
    SDL_SetRenderDrawBlendMode(renderer_.get(), SDL_BLENDMODE_BLEND);
    return {};
}

void Renderer::give_up_acceleration() {
    renderer_.reset();  // and its textures with it
    page_texture_ = ink_texture_ = nullptr;
    software_ = true;
}

core::Status Renderer::renew_software() {
    renderer_.reset();
    SDL_Surface* shown = SDL_GetWindowSurface(window_.sdl());
    if (shown == nullptr) return sdl_error("no window surface");
    page_surface_.reset(SDL_CreateRGBSurfaceWithFormat(0, width_, height_, 32, SDL_PIXELFORMAT_RGB888));
    if (!page_surface_) return sdl_error("no page surface");
    renderer_.reset(SDL_CreateSoftwareRenderer(page_surface_.get()));
    if (!renderer_) return sdl_error("no software renderer");
    return {};
}

core::Status Renderer::renew_accelerated() {
    if (!renderer_)
        renderer_.reset(
            SDL_CreateRenderer(window_.sdl(), -1, SDL_RENDERER_ACCELERATED | SDL_RENDERER_TARGETTEXTURE));
    if (!renderer_) return sdl_error("no renderer");
    for (auto** texture : {&page_texture_, &ink_texture_})
        if (*texture != nullptr) SDL_DestroyTexture(*texture), *texture = nullptr;
    page_texture_ = SDL_CreateTexture(renderer_.get(), SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_TARGET,
                                      width_, height_);
    ink_texture_ = SDL_CreateTexture(renderer_.get(), SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC,
                                     width_, height_);
    if (page_texture_ == nullptr || ink_texture_ == nullptr) return sdl_error("no page texture");
    SDL_SetTextureBlendMode(page_texture_, SDL_BLENDMODE_NONE);
    SDL_SetTextureBlendMode(ink_texture_, SDL_BLENDMODE_BLEND);
    return {};
}

TextureId Renderer::make_texture(int width, int height) {
    SDL_Texture* texture =
        SDL_CreateTexture(renderer_.get(), SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC, width, height);
    CHECK_THAT(texture != nullptr);
    SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_BLEND);
    SDL_SetTextureScaleMode(texture, SDL_ScaleModeLinear);
    textures_[next_texture_] = texture;
    return next_texture_++;
}

void Renderer::update_texture(TextureId id, int x, int y, int width, int height, const std::uint8_t* rgba) {
    auto found = textures_.find(id);
    if (found == textures_.end()) return;
    SDL_Rect rect{x, y, width, height};
    auto argb = to_argb(rgba, static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    SDL_UpdateTexture(found->second, &rect, argb.data(), width * 4);
}

void Renderer::free_texture(TextureId id) {
    auto found = textures_.find(id);
    if (found == textures_.end()) return;
    SDL_DestroyTexture(found->second);
    textures_.erase(found);
}

void Renderer::draw_run(SDL_Texture* texture, const ImDrawList& list, unsigned vertex_offset, unsigned first,
                        unsigned count) {
    const ImDrawVert* vertices = list.VtxBuffer.Data + vertex_offset;
    const ImDrawIdx* indices = list.IdxBuffer.Data + first;
    SDL_RenderGeometryRaw(renderer_.get(), texture, &vertices->pos.x, sizeof(ImDrawVert),
                          reinterpret_cast<const SDL_Color*>(&vertices->col), sizeof(ImDrawVert),
                          &vertices->uv.x, sizeof(ImDrawVert),
                          list.VtxBuffer.Size - static_cast<int>(vertex_offset), indices,
                          static_cast<int>(count), sizeof(ImDrawIdx));
}

void Renderer::paint_list(const ImDrawList& list) {
    for (const auto& command : list.CmdBuffer) {
        if (command.ElemCount == 0 || command.UserCallback != nullptr) continue;
        SDL_Rect clip = clip_of(command.ClipRect);
        if (clip.w <= 0 || clip.h <= 0) continue;
        SDL_RenderSetClipRect(renderer_.get(), &clip);
        auto found =
            textures_.find(static_cast<TextureId>(reinterpret_cast<std::uintptr_t>(command.TextureId)));
        SDL_Texture* texture = found == textures_.end() ? nullptr : found->second;
        // Solid rectangles point at one texel; without a texture they are fills, which software does much
        // faster.
        const ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
        const ImDrawIdx* indices = list.IdxBuffer.Data + command.IdxOffset;
        auto solid = [&](unsigned triangle) {
            const ImVec2 &a = vertices[indices[triangle]].uv, &b = vertices[indices[triangle + 1]].uv,
                         &c = vertices[indices[triangle + 2]].uv;
            return a.x == b.x && a.y == b.y && b.x == c.x && b.y == c.y;
        };
        for (unsigned first = 0; first < command.ElemCount;) {
            bool is_solid = solid(first);
            unsigned end = first;
            while (end < command.ElemCount && solid(end) == is_solid) end += 3;
            draw_run(is_solid ? nullptr : texture, list, command.VtxOffset, command.IdxOffset + first,
                     end - first);
            first = end;
        }
    }
}

void Renderer::paint_page(const std::vector<const ImDrawList*>& lists) {
    if (!software_) SDL_SetRenderTarget(renderer_.get(), page_texture_);
    for (const auto* list : lists) paint_list(*list);
    SDL_RenderSetClipRect(renderer_.get(), nullptr);
    SDL_RenderFlush(renderer_.get());
    if (!software_) SDL_SetRenderTarget(renderer_.get(), nullptr);
}

// --- in software

void Renderer::put_in_surface(SDL_Rect rect, const InkPatch& ink) {
    SDL_Surface* shown = SDL_GetWindowSurface(window_.sdl());
    if (shown == nullptr) return;
    SDL_Rect to = rect;
    SDL_SetSurfaceBlendMode(page_surface_.get(), SDL_BLENDMODE_NONE);
    SDL_BlitSurface(page_surface_.get(), &rect, shown, &to);
    if (!ink.empty()) {
        core::Handle<SDL_Surface, SDL_FreeSurface> over(
            SDL_CreateRGBSurfaceWithFormatFrom(const_cast<std::uint8_t*>(ink.rgba.data()), ink.width,
                                               ink.height, 32, ink.width * 4, SDL_PIXELFORMAT_RGBA32));
        SDL_SetSurfaceBlendMode(over.get(), SDL_BLENDMODE_BLEND);
        SDL_Rect at{ink.x, ink.y, ink.width, ink.height};
        SDL_BlitSurface(over.get(), nullptr, shown, &at);
    }
    SDL_UpdateWindowSurfaceRects(window_.sdl(), &rect, 1);
}

// --- on a GPU

void Renderer::compose_accelerated() {
    SDL_RenderCopy(renderer_.get(), page_texture_, nullptr, nullptr);
    if (ink_rect_.w > 0) SDL_RenderCopy(renderer_.get(), ink_texture_, &ink_rect_, &ink_rect_);
}

void Renderer::show(const InkPatch& ink) {
    if (software_) return put_in_surface({0, 0, width_, height_}, ink);
    ink_rect_ = {0, 0, 0, 0};
    if (!ink.empty()) return show_ink(ink);
    compose_accelerated();
    SDL_RenderPresent(renderer_.get());
}

void Renderer::show_ink(const InkPatch& ink) {
    if (ink.empty()) return;
    SDL_Rect rect{ink.x, ink.y, ink.width, ink.height};
    if (software_) return put_in_surface(rect, ink);
    auto argb = to_argb(ink.rgba.data(), ink.rgba.size() / 4);
    // Outside the rectangles seen so far the texture holds an earlier stroke: clear what the union adds.
    SDL_Rect all = rect;
    if (ink_rect_.w > 0) SDL_UnionRect(&ink_rect_, &rect, &all);
    if (all.x != ink_rect_.x || all.y != ink_rect_.y || all.w != ink_rect_.w || all.h != ink_rect_.h) {
        std::vector<Uint32> clear(static_cast<std::size_t>(all.w) * static_cast<std::size_t>(all.h));
        if (ink_rect_.w == 0)
            SDL_UpdateTexture(ink_texture_, &all, clear.data(), all.w * 4);
        else {
            SDL_Rect strips[4] = {
                {all.x, all.y, all.w, ink_rect_.y - all.y},
                {all.x, ink_rect_.y + ink_rect_.h, all.w, all.y + all.h - ink_rect_.y - ink_rect_.h},
                {all.x, ink_rect_.y, ink_rect_.x - all.x, ink_rect_.h},
                {ink_rect_.x + ink_rect_.w, ink_rect_.y, all.x + all.w - ink_rect_.x - ink_rect_.w,
                 ink_rect_.h}};
            for (const auto& strip : strips)
                if (strip.w > 0 && strip.h > 0)
                    SDL_UpdateTexture(ink_texture_, &strip, clear.data(), strip.w * 4);
        }
        ink_rect_ = all;
    }
    SDL_UpdateTexture(ink_texture_, &rect, argb.data(), rect.w * 4);
    compose_accelerated();
    SDL_RenderPresent(renderer_.get());
}

core::Result<core::Image> Renderer::picture() {
    core::Image image{width_, height_, {}};
    image.rgba.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 4);
    if (software_) {
        SDL_Surface* shown = SDL_GetWindowSurface(window_.sdl());
        if (shown == nullptr ||
            SDL_ConvertPixels(width_, height_, shown->format->format, shown->pixels, shown->pitch,
                              SDL_PIXELFORMAT_RGBA32, image.rgba.data(), width_ * 4) != 0)
            return sdl_error("no picture of the screen");
    } else {
        compose_accelerated();
        if (SDL_RenderReadPixels(renderer_.get(), nullptr, SDL_PIXELFORMAT_RGBA32, image.rgba.data(),
                                 width_ * 4) != 0)
            return sdl_error("no picture of the screen");
    }
    for (std::size_t i = 3; i < image.rgba.size(); i += 4) image.rgba[i] = 255;
    return image;
}

}  // namespace kiosk
