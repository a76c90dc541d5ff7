// A kiosk without screens: the effect thread with the real keyring, store and certificates, asked and waited
// for.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>

#include "kiosk/effects.h"

namespace kiosk_test {

namespace fs = std::filesystem;
using namespace kiosk;

struct Folder {
    fs::path path;
    Folder() {
        char name[] = "/tmp/handslag-effects-XXXXXX";
        path = ::mkdtemp(name);
    }
    ~Folder() { fs::remove_all(path); }
};

class Room {
  public:
    explicit Room(const fs::path& folder,
                  std::shared_ptr<const core::Clock> clock = std::make_shared<core::SystemClock>(),
                  const fs::path& share = HANDSLAG_BINARY_DIR "/share")
        : folder_(folder), effects_(settings(folder, std::move(clock), share), [this](Action action) {
              take(std::move(action));
          }) {}

    template <class Answer>
    Answer ask(Effect effect) {
        effects_.ask(std::move(effect));
        return wait_for<Answer>();
    }
    template <class Answer>
    Answer wait_for() {
        std::unique_lock lock(mutex_);
        while (true) {
            bool came = arrived_.wait_for(lock, std::chrono::seconds(30), [&] { return !answers_.empty(); });
            REQUIRE_MESSAGE(came, "no answer");
            Action action = std::move(answers_.front());
            answers_.pop_front();
            if (auto* answer = std::get_if<Answer>(&action)) return std::move(*answer);
            if (auto* failed = std::get_if<Failed>(&action)) FAIL(failed->trouble.error.detail);
        }
    }
    // Until all that was asked for is done; whatever was answered is dropped.
    void settle() {
        while (effects_.busy()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::lock_guard lock(mutex_);
        std::list<Action>().swap(answers_);
    }
    void tell(Effect effect) { effects_.ask(std::move(effect)); }
    void plug_in(const std::string& name) { fs::create_directories(folder_ / "media" / name); }
    // Until the effect thread has nothing left that it could do: only then does it look for sticks.
    void idle(const std::string& new_stick = "IDLE") {
        plug_in(new_stick);
        wait_for<StickChanged>();
    }

  private:
    static EffectSettings settings(const fs::path& folder, std::shared_ptr<const core::Clock> clock,
                                   const fs::path& share) {
        fs::create_directories(folder / "media");
        EffectSettings settings;
        settings.ceremony_dir = fs::path(HANDSLAG_SOURCE_DIR) / "assets" / "demo";
        settings.store_dir = folder / "store";
        settings.share_dir = share;
        settings.sticks = {folder / "host", {folder / "media"}, false};
        settings.clock = std::move(clock);
        settings.demonstration = true;
        return settings;
    }
    void take(Action action) {
        std::lock_guard lock(mutex_);
        answers_.push_back(std::move(action));
        arrived_.notify_one();
    }

    fs::path folder_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::list<Action> answers_;
    Effects effects_;
};

inline core::Signature drawn(std::int64_t at_ms) {
    core::Signature signature;
    signature.signed_at_ms = at_ms;
    signature.ink.width_um = 150'000;
    signature.ink.height_um = 50'000;
    core::Stroke stroke;
    for (int i = 0; i < 40; ++i)
        stroke.points.push_back(
            {20'000 + i * 2'000, 25'000 + (i % 8 < 4 ? 1 : -1) * (i % 4) * 3'000, i * 10, 0});
    signature.ink.strokes.push_back(stroke);
    return signature;
}

inline core::SigningInput input_for(const core::Ceremony& ceremony, const core::SigningId& id, int expected) {
    const auto& row = ceremony.expected.at(static_cast<std::size_t>(expected));
    auto now = core::SystemClock().wall_ms();
    core::SigningInput input;
    input.id = id;
    input.organisation = row.organisation;
    input.decision = row.decision.body.empty()
                         ? core::Decision{"Styrelsen", core::parse_iso_date("2026-11-02")}
                         : row.decision;
    for (const auto& criterion : ceremony.agreement.criteria)
        input.criteria.push_back({criterion.id, criterion.strength, true});
    for (const auto& one : row.representatives) input.representatives.push_back({one, drawn(now)});
    for (const auto& one : ceremony.signatories) input.municipal.push_back({one, drawn(now)});
    input.private_payload.id = id;
    input.private_payload.language = "sv";
    input.private_payload.contact = {row.representatives.front().name, "a@example.org", ""};
    input.private_payload.identity_seen = input.private_payload.authority_seen = true;
    input.private_payload.show_in_room = true;
    return input;
}

}  // namespace kiosk_test
