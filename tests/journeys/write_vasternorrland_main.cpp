// Writes the real agreement as a folder: write_vasternorrland FOLDER. Exits with 77 where the machine has none.
#include <cstdio>

#include "tests/support/vasternorrland.h"

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    auto json = vasternorrland_json();
    if (!json) {
        std::puts("Skipped: HANDSLAG_TEST_DATA does not name a folder with the real agreement.");
        return 77;
    }
    write_vasternorrland(*json, argv[1]);
    return 0;
}
