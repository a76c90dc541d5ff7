// What a visitor left is sought in the memory of the process itself.
#include "kiosk/forget.h"

#include <cstdio>
#include <cstring>

#include <doctest/doctest.h>

#include "tests/unit/kiosk/room.h"

using namespace kiosk_test;

namespace {

// A text that the program's own file does not hold, and that this object holds only in disguise.
class Trace {
  public:
    explicit Trace(std::string_view backwards) {
        for (auto c = backwards.rbegin(); c != backwards.rend(); ++c) disguised_.push_back(disguise(*c));
    }
    std::string text() const {
        std::string plain;
        plain.reserve(64);
        for (char c : disguised_) plain += disguise(c);
        return plain;
    }
    // How often it stands in memory that can be written to.
    int count() const {
        int found = 0;
        std::FILE* maps = std::fopen("/proc/self/maps", "re");
        REQUIRE(maps != nullptr);
        char line[512];
        while (std::fgets(line, sizeof line, maps) != nullptr) {
            unsigned long from = 0, to = 0;
            char rights[5] = {};
            if (std::sscanf(line, "%lx-%lx %4s", &from, &to, rights) != 3) continue;  // NOLINT(cert-err34-c)
            if (std::strncmp(rights, "rw", 2) == 0) found += count_in(from, to);
        }
        std::fclose(maps);
        return found;
    }

  private:
    static char disguise(char c) { return static_cast<char>(c ^ 0x55); }
    int count_in(unsigned long from, unsigned long to) const {
        int found = 0;
        const auto* at = reinterpret_cast<const char*>(from);  // NOLINT(performance-no-int-to-ptr)
        const auto* end = reinterpret_cast<const char*>(to) - disguised_.size();  // NOLINT
        while (at < end) {
            at = static_cast<const char*>(
                std::memchr(at, disguise(disguised_[0]), static_cast<std::size_t>(end - at)));
            if (at == nullptr) break;
            std::size_t same = 1;
            while (same < disguised_.size() && at[same] == disguise(disguised_[same])) ++same;
            if (same == disguised_.size()) ++found;
            ++at;
        }
        return found;
    }
    std::vector<char> disguised_;
};

}  // namespace

TEST_CASE("what is given back to the heap is overwritten, also what grew out of its place") {
    if (!heap_forgets()) return;
    Trace trace("adnukes ne i nerab snnif mos dro tte");
    {
        auto* text = new std::string(trace.text());
        CHECK(trace.count() == 1);
        delete text;
    }
    CHECK(trace.count() == 0);
    std::string word = trace.text();
    auto* memory = static_cast<char*>(std::malloc(word.size() + 1));
    std::memcpy(memory, word.c_str(), word.size() + 1);
    core::wipe(word);
    memory = static_cast<char*>(std::realloc(memory, 1 << 20));
    REQUIRE(memory != nullptr);
    CHECK(trace.count() == 1);
    std::free(memory);
    CHECK(trace.count() == 0);
}

TEST_CASE("after a signing and a wipe neither name, address nor strokes are left in the process") {
    if (!heap_forgets()) return;
    Folder folder;
    Trace name("nrojbletsauQ arimoxyZ"), email("tset.elpmaxe@nrojbletsauq.arimoxyz"),
        contact("rettodsnrojB adnilheS");
    Room room(folder.path);
    auto started = room.ask<Started>(LoadStart{});
    room.ask<KeyringCreated>(CreateKeyring{'A'});
    room.ask<PinSet>(SetPin{"739164"});
    room.ask<CeremonyOpened>(OpenCeremony{});
    auto id = room.ask<FreshId>(NewId{}).id;
    Trace point(
        {"\x00\x00\x5b\x73\x00\x00\xef\x35", 8});  // x and y of the first point, as they lie in memory
    {
        Effect effect = CompleteSigning{input_for(*started.ceremony, id, 0)};
        auto& order = std::get<CompleteSigning>(effect).order;
        order.representatives.front().representative.name = name.text();
        auto& first = order.representatives.front().signature.ink.strokes.front().points.front();
        std::memcpy(&first.x_um, point.text().data(), sizeof first.x_um);
        std::memcpy(&first.y_um, point.text().data() + sizeof first.x_um, sizeof first.y_um);
        CHECK(first.x_um == 0xEF35);
        order.private_payload.contact = {contact.text(), email.text(), ""};
        room.tell(CheckDrawable{{name.text()}});
        room.tell(SaveDraft{"signing-" + id.str(), name.text() + email.text()});
        room.tell(DropDraft{"signing-" + id.str()});
        CHECK(name.count() > 0);
        CHECK(email.count() > 0);
        CHECK(point.count() > 0);
        room.tell(std::move(effect));
    }
    auto sealed = room.wait_for<SigningCompleted>().lists.signings.size();
    CHECK(sealed == 1);
    room.tell(Wipe{});
    room.settle();
    forget_stack();
    CHECK(name.count() == 0);
    CHECK(email.count() == 0);
    CHECK(contact.count() == 0);
    CHECK(point.count() == 0);
}
