// One certificate at every level, for P-256 and RSA-3072, into a folder, with the trusted roots: write_levels
// DIR
//
// File names end in the level, which certificates.sh checks. "renewed" has a second document timestamp by a
// later TSA.
#include <cstdio>
#include <fstream>

#include "tests/support/ladder.h"

namespace {

void write(const std::string& path, std::string_view content) {
    std::ofstream(path, std::ios::binary) << content;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "usage: write_levels DIR\n");
        return 2;
    }
    std::string folder = std::string(arguments[1]) + "/", trust;
    for (auto [kind, name] :
         {std::pair{test::KeyKind::p256, "P-256"}, std::pair{test::KeyKind::rsa3072, "RSA-3072"}}) {
        test::Ladder ladder(kind);
        write(folder + name + ".B-B.pdf", core::as_text(ladder.bb));
        write(folder + name + ".B-T.pdf", core::as_text(ladder.bt));
        write(folder + name + ".B-LT.pdf", core::as_text(ladder.blt));
        write(folder + name + ".B-LTA.pdf", core::as_text(ladder.blta));
        write(folder + name + "-renewed.B-LTA.pdf", core::as_text(ladder.renewed));
        trust += ladder.world.root.pem() + ladder.world.tsa_root.pem();
    }
    write(folder + "ca.pem", trust);
    return 0;
}
