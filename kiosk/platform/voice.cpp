#include "kiosk/platform/voice.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <numbers>
#include <thread>
#include <vector>

#include <SDL.h>
#include <espeak-ng/speak_lib.h>
#include <spdlog/spdlog.h>

#include "core/base/crypto.h"

namespace kiosk {
namespace {

constexpr int words_per_minute = 150, buffer_ms = 60;
constexpr int own_rate = 22'050;  // espeak-ng's, and the chime's where there is no espeak-ng
constexpr auto device_rest = std::chrono::seconds(20);
constexpr std::array<int, loudest + 1> volumes{0, 35, 65, 100, 150, 200};  // espeak-ng's; 100 is its own

// espeak-ng's languages by ours. North Sami, Meänkieli and Romani Chib have no voice there.
const char* voice_of(const std::string& language) {
    if (language.starts_with("en")) return "en";
    if (language == "fi") return "fi";
    if (language == "smj") return "smj";
    return "sv";
}

// By language and not by name: "en-gb" is a name in some versions alone.
bool choose_voice(const char* language) {
    espeak_VOICE wanted{};
    wanted.languages = language;
    return espeak_SetVoiceByProperties(&wanted) == EE_OK;
}

}  // namespace

struct Voice::Mouth {
    struct Line {
        std::string text, language;
        int volume = usual_volume;
        bool chime = false;
    };

    VoiceOptions options;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Line> lines;              // guarded by mutex
    bool leaving = false, busy = false;  // guarded by mutex
    std::atomic<unsigned> hushed{0};     // counts; what began under an earlier count is not heard
    unsigned began_under = 0;            // the voice's thread
    bool tried = false, speaks = false;  // the voice's thread
    int rate = own_rate;
    std::atomic<SDL_AudioDeviceID> device{0};
    bool no_device = false;
    std::thread thread;

    void run();
    void say(Line& line);
    void chime();
    void open_espeak();
    bool open_device();
    void close_device();
    void put(std::span<const std::int16_t> samples);
    static int heard(short* samples, int count, espeak_EVENT* events);
};

// espeak-ng has one state for the whole process, and so there is one mouth at a time.
int Voice::Mouth::heard(short* samples, int count, espeak_EVENT* events) {
    auto* mouth = static_cast<Mouth*>(events->user_data);
    if (mouth == nullptr) return 0;
    if (mouth->hushed != mouth->began_under) return 1;
    if (samples != nullptr && count > 0) mouth->put({samples, static_cast<std::size_t>(count)});
    return 0;
}

// Once a process and never ended: espeak_Terminate() waits for its own queue's thread, and can wait for ever.
void Voice::Mouth::open_espeak() {
    static const int got =
        espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, buffer_ms, nullptr, espeakINITIALIZE_DONT_EXIT);
    tried = true;
    if (got <= 0) {
        spdlog::error("voice: espeak-ng does not start; are its voices (espeak-ng-data) installed?");
        return;
    }
    rate = got, speaks = true;
    espeak_SetSynthCallback(heard);
    espeak_SetParameter(espeakRATE, words_per_minute, 0);
}

bool Voice::Mouth::open_device() {
    if (device != 0 && SDL_GetAudioDeviceStatus(device) == SDL_AUDIO_STOPPED) close_device();  // pulled out
    if (device != 0) return true;
    if (no_device) return false;
    if (SDL_WasInit(SDL_INIT_AUDIO) == 0 && SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) {
        spdlog::warn("voice: no sound: {}", SDL_GetError());
        no_device = true;
        return false;
    }
    SDL_AudioSpec want{};
    want.freq = rate, want.format = AUDIO_S16SYS, want.channels = 1, want.samples = 1024;
    SDL_AudioDeviceID opened = SDL_OpenAudioDevice(nullptr, 0, &want, nullptr, 0);
    if (opened == 0) {
        spdlog::warn("voice: no sound: {}", SDL_GetError());
        return false;  // headphones may come later
    }
    SDL_PauseAudioDevice(opened, 0);
    device = opened;
    return true;
}

void Voice::Mouth::close_device() {
    if (auto opened = device.exchange(0); opened != 0) SDL_CloseAudioDevice(opened);
}

void Voice::Mouth::put(std::span<const std::int16_t> samples) {
    if (options.sink) return options.sink(samples, rate);
    if (open_device()) SDL_QueueAudio(device, samples.data(), static_cast<Uint32>(samples.size_bytes()));
}

void Voice::Mouth::say(Line& line) {
    if (!tried) open_espeak();
    if (!speaks) return;
    if (!choose_voice(voice_of(line.language))) choose_voice("sv");
    auto level = static_cast<std::size_t>(std::clamp(line.volume, quietest, loudest));
    espeak_SetParameter(espeakVOLUME, volumes[level], 0);
    espeak_Synth(line.text.c_str(), line.text.size() + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, nullptr,
                 this);
}

// Two soft notes, a fifth apart, each dying away.
void Voice::Mouth::chime() {
    constexpr double notes[] = {659.25, 440.0};
    constexpr double note_s = 0.35, loud = 0.22;
    auto length = static_cast<std::size_t>(note_s * rate);
    std::vector<std::int16_t> samples;
    samples.reserve(2 * length);
    for (double hertz : notes)
        for (std::size_t i = 0; i < length; ++i) {
            double t = static_cast<double>(i) / rate, rise = std::min(1.0, t / 0.008);
            double wave = std::sin(2 * std::numbers::pi * hertz * t) * std::exp(-t * 8) * rise;
            samples.push_back(static_cast<std::int16_t>(wave * loud * 32'767));
        }
    put(samples);
}

void Voice::Mouth::run() {
    std::unique_lock lock(mutex);
    while (true) {
        auto due = [&] { return leaving || !lines.empty(); };
        if (device == 0) {
            changed.wait(lock, due);
        } else if (!changed.wait_for(lock, device_rest, due)) {
            if (SDL_GetQueuedAudioSize(device) == 0) close_device();
            continue;
        }
        if (leaving) break;
        Line line = lines.front();  // not moved: a short word would stay behind
        core::wipe(lines.front().text);
        lines.pop_front();
        busy = true, began_under = hushed;
        lock.unlock();
        if (line.chime)
            chime();
        else
            say(line);
        core::wipe(line.text);
        lock.lock();
        busy = false;
        changed.notify_all();
    }
    lock.unlock();
    close_device();
}

Voice::Voice(VoiceOptions options) : mouth_(std::make_unique<Mouth>()) {
    mouth_->options = std::move(options);
    mouth_->thread = std::thread([this] { mouth_->run(); });
}

Voice::~Voice() {
    hush();
    {
        std::lock_guard lock(mouth_->mutex);
        mouth_->leaving = true;
    }
    mouth_->changed.notify_all();
    mouth_->thread.join();
}

void Voice::say(std::string text, const std::string& language, int volume) {
    {
        std::lock_guard lock(mouth_->mutex);
        mouth_->lines.push_back({std::move(text), language, volume, false});
    }
    mouth_->changed.notify_all();
}

void Voice::chime() {
    {
        std::lock_guard lock(mouth_->mutex);
        mouth_->lines.push_back({{}, {}, usual_volume, true});
    }
    mouth_->changed.notify_all();
}

void Voice::hush() {
    std::lock_guard lock(mouth_->mutex);
    for (auto& line : mouth_->lines) core::wipe(line.text);
    mouth_->lines.clear();
    ++mouth_->hushed;
    if (auto device = mouth_->device.load(); device != 0) SDL_ClearQueuedAudio(device);
}

void Voice::finish() {
    std::unique_lock lock(mouth_->mutex);
    mouth_->changed.wait(lock, [&] { return mouth_->lines.empty() && !mouth_->busy; });
}

}  // namespace kiosk
