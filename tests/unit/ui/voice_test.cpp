// The real espeak-ng, with the samples taken instead of played.
#include "kiosk/platform/voice.h"

#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

using namespace kiosk;

namespace {

struct Ear {
    std::mutex mutex;
    std::vector<std::int16_t> samples;
    int rate = 0;
    VoiceOptions options() {
        return {[this](std::span<const std::int16_t> more, int samples_per_s) {
            std::lock_guard lock(mutex);
            samples.insert(samples.end(), more.begin(), more.end()), rate = samples_per_s;
        }};
    }
    double seconds() const { return rate > 0 ? static_cast<double>(samples.size()) / rate : 0; }
    double loudness() const {
        double sum = 0;
        for (auto s : samples) sum += static_cast<double>(s) * s;
        return samples.empty() ? 0 : std::sqrt(sum / static_cast<double>(samples.size()));
    }
};

}  // namespace

TEST_CASE("Swedish is spoken, and louder when louder is asked for") {
    Ear soft, loud;
    {
        Voice voice(soft.options());
        voice.say("Skriv under överenskommelsen", "sv", quietest);
        voice.finish();
    }
    {
        Voice voice(loud.options());
        voice.say("Skriv under överenskommelsen", "sv", loudest);
        voice.finish();
    }
    CHECK(soft.seconds() > 0.8);
    CHECK(soft.seconds() < 6);
    CHECK(soft.loudness() > 50);
    CHECK(loud.loudness() > 2 * soft.loudness());
}

TEST_CASE("each language has a voice that speaks it otherwise, and one without is still heard") {
    // espeak-ng's noise is never quite the same twice; how long it takes tells its languages apart.
    std::vector<double> seconds;
    for (const char* language : {"sv", "sv_easy", "en", "fi", "se"}) {
        Ear ear;
        Voice voice(ear.options());
        voice.say("Nu kan du skriva under överenskommelsen med kommunen", language);
        voice.finish();
        CHECK(ear.loudness() > 50);
        seconds.push_back(ear.seconds());
    }
    CHECK(std::fabs(seconds[1] - seconds[0]) < 0.01);
    CHECK(std::fabs(seconds[2] - seconds[0]) > 0.02);
    CHECK(std::fabs(seconds[3] - seconds[0]) > 0.02);
    CHECK(std::fabs(seconds[4] - seconds[0]) < 0.01);
}

TEST_CASE("hush cuts what is being said and drops what waits") {
    std::string text;
    for (int i = 0; i < 400; ++i) text += "Kommunen och föreningslivet i samverkan. ";
    Ear all;
    {
        Voice voice(all.options());
        voice.say(text, "sv");
        voice.finish();
    }
    std::atomic<bool> began = false;
    Ear cut;
    auto options = cut.options();
    Voice voice({[&](std::span<const std::int16_t> samples, int rate) {
        options.sink(samples, rate);
        began = true;
    }});
    voice.say(text, "sv");
    voice.say(text, "sv");
    while (!began) std::this_thread::yield();
    voice.hush();
    voice.finish();
    CHECK(cut.samples.size() < all.samples.size());
    auto said = cut.samples.size();
    voice.say("Och nu något annat", "sv");
    voice.finish();
    CHECK(cut.samples.size() > said);
}

TEST_CASE("the chime is two notes and silence after them") {
    Ear ear;
    Voice voice(ear.options());
    voice.chime();
    voice.finish();
    CHECK(ear.seconds() == doctest::Approx(0.7).epsilon(0.01));
    CHECK(ear.loudness() > 200);
}
