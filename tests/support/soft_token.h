// A PKCS#11 token of its own in a folder, by SoftHSM; its PIN is 4711. One a process: the module reads its
// configuration once.
#pragma once

#include <cstdlib>

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "tests/support/temporary_folder.h"

namespace test {

class SoftToken {
  public:
    static bool is_here() {
        bool here = std::filesystem::exists(module_file) && run("command -v softhsm2-util");
        if (!here) MESSAGE("softhsm2 is not installed: seal keys in tokens are not tested here");
        return here;
    }
    SoftToken() {
        std::filesystem::create_directories(folder_ / "tokens");
        std::string settings =
            "directories.tokendir = " + (folder_ / "tokens").string() + "\nobjectstore.backend = file\n";
        REQUIRE(core::write_file_durably(folder_ / "softhsm2.conf", core::as_bytes(settings)).ok());
        ::setenv("SOFTHSM2_CONF", (folder_ / "softhsm2.conf").c_str(), 1);
        REQUIRE(run("softhsm2-util --init-token --free --label handslag --pin 4711 --so-pin 0000"));
    }
    void import(const std::string& key_pem, const std::string& name, const std::string& id) const {
        auto file = folder_ / (name + ".pem");
        REQUIRE(core::write_file_durably(file, core::as_bytes(key_pem), core::FileAccess::owner_only).ok());
        put_in(name, id);
    }
    // A new key on P-256.
    void generate(const std::string& name, const std::string& id) const {
        auto file = folder_ / (name + ".pem");
        REQUIRE(run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + file.string()));
        put_in(name, id);
    }
    // As near as SoftHSM comes to a card that is taken out: its keys go. What is put in again is imported again.
    void pull_out() const {
        std::vector<std::filesystem::path> keys;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "tokens"))
            if (entry.path().extension() == ".object" && entry.path().stem() != "token")
                keys.push_back(entry.path());
        REQUIRE(!keys.empty());
        for (const auto& key : keys) std::filesystem::remove(key);
    }
    void put_in(const std::string& name, const std::string& id) const {
        REQUIRE(run("softhsm2-util --import " + (folder_ / (name + ".pem")).string() +
                    " --token handslag --label " + name + " --id " + id + " --pin 4711"));
    }
    static std::string uri(const std::string& name) {
        return "pkcs11:token=handslag;object=" + name + ";type=private?module-path=" + module_file;
    }

  private:
    static constexpr const char* module_file = "/usr/lib/softhsm/libsofthsm2.so";
    static bool run(const std::string& command) {
        return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
    }
    TemporaryFolder folder_;
};

}  // namespace test
