// Renderer: draw lists to pixels through SDL_RenderGeometryRaw, on a GPU where there is one and in software
// elsewhere.
//
// The page is a picture of its own. While a pen draws, only the rectangle that its ink touched is put
// together again: page below, ink above. In software the page is a surface and only that rectangle reaches
// the window; on a GPU the page is a target texture and the ink another.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include <SDL.h>

#include "core/base/handle.h"
#include "core/model/image.h"
#include "kiosk/platform/window.h"
#include "kiosk/ui/ui_platform.h"

namespace kiosk {

enum class Rendering { automatic, software, accelerated };

class Renderer {
  public:
    static core::Result<std::unique_ptr<Renderer>> open(Window& window, Rendering rendering);
    Renderer(const Renderer&) = delete;
    Renderer& operator=(const Renderer&) = delete;

    // After a resize, or when the device lost its textures: all of them are gone, generation() has changed. Where the
    // device cannot hold a page any more, the processor draws from then on.
    core::Status renew();
    int generation() const { return generation_; }
    bool software() const { return software_; }

    TextureId make_texture(int width, int height);
    void update_texture(TextureId id, int x, int y, int width, int height, const std::uint8_t* rgba);
    void free_texture(TextureId id);

    void paint_page(const std::vector<const ImDrawList*>& lists);
    // The page, and over it the live stroke, which may be empty.
    void show(const InkPatch& ink);
    void show_ink(const InkPatch& ink);

    core::Result<core::Image> picture();  // what is shown now

  private:
    explicit Renderer(Window& window) : window_(window) {}
    void give_up_acceleration();
    core::Status renew_software();
    core::Status renew_accelerated();
    void paint_list(const ImDrawList& list);
    void draw_run(SDL_Texture* texture, const ImDrawList& list, unsigned vertex_offset, unsigned first,
                  unsigned count);
    void put_in_surface(SDL_Rect rect, const InkPatch& ink);
    void compose_accelerated();

    Window& window_;
    bool software_ = true;
    int generation_ = 0, width_ = 0, height_ = 0;
    core::Handle<SDL_Surface, SDL_FreeSurface> page_surface_;
    core::Handle<SDL_Renderer, SDL_DestroyRenderer> renderer_;
    SDL_Texture *page_texture_ = nullptr, *ink_texture_ = nullptr;  // owned by renderer_
    SDL_Rect ink_rect_{0, 0, 0, 0};
    std::map<TextureId, SDL_Texture*> textures_;  // owned by renderer_
    TextureId next_texture_ = 1;
};

}  // namespace kiosk
