// Voice: says texts aloud with espeak-ng, one after the other, on a thread of its own; and the chime that comes
// with a warning.
//
// Whoever speaks interrupts: hush() cuts what is being said within a few hundredths of a second and drops what
// waits. Texts are overwritten when they have been said. Sound goes out through SDL; the device is opened with
// the first sound and closed when nothing has been said for a while, so that a silent kiosk costs nothing.
// Samples are 16 bits, one channel.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace kiosk {

inline constexpr int quietest = 1, usual_volume = 3, loudest = 5;

struct VoiceOptions {
    // Where the samples go instead of to the loudspeaker: for tests. Called on the voice's thread.
    std::function<void(std::span<const std::int16_t>, int samples_per_s)> sink;
};

class Voice {
  public:
    explicit Voice(VoiceOptions options = {});
    Voice(const Voice&) = delete;
    Voice& operator=(const Voice&) = delete;
    ~Voice();  // hushes

    // `language` is that of a .po file; one that espeak-ng does not speak is read as Swedish.
    void say(std::string text, const std::string& language, int volume = usual_volume);
    void chime();
    void hush();
    // Waits until all has been said, as far as this program knows; for tests.
    void finish();

  private:
    struct Mouth;
    std::unique_ptr<Mouth> mouth_;
};

}  // namespace kiosk
