#include "core/certificate/arms.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

namespace {

struct SvgFile {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "handslag-arms-test.svg";
    explicit SvgFile(const std::string& inside) {
        std::ofstream(path) << "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 60 80'>" << inside
                            << "</svg>";
    }
    ~SvgFile() { std::filesystem::remove(path); }
};

std::string refusal(const std::string& inside) {
    SvgFile file(inside);
    auto arms = core::vector_arms(file.path);
    return arms.ok() ? "accepted" : arms.error().detail;
}

}  // namespace

TEST_CASE("arms become pixels with the proportions of the drawing") {
    SvgFile file("<rect width='60' height='40' fill='#ff0000'/>");
    auto image = core::render_arms(file.path, 80);
    REQUIRE(image.ok());
    CHECK((*image)->width_px == 60);
    CHECK((*image)->height_px == 80);
    REQUIRE((*image)->rgba.size() == 60U * 80 * 4);
    CHECK((*image)->rgba[0] == 255);
    CHECK((*image)->rgba[1] == 0);
    CHECK((*image)->rgba[3] == 255);
    CHECK((*image)->rgba.back() == 0);  // nothing drawn below
}

TEST_CASE("arms become vectors, and what an archive copy may not hold is refused") {
    CHECK(refusal("<path d='M0 0 L60 0 L30 80 Z' fill='#0a4d68'/>") == "accepted");
    CHECK(refusal("<rect width='60' height='80' fill='blue' opacity='0.5'/>") == "accepted");
    CHECK(refusal("<text x='5' y='40' font-family='Noto Sans'>Strandköping</text>") ==
          "arms: holds text; convert it to paths");
    CHECK(refusal("<defs><filter id='b'><feGaussianBlur stdDeviation='3'/></filter></defs>"
                  "<rect width='40' height='40' filter='url(#b)'/>") ==
          "arms: holds a picture or an effect that is no vector");
    SvgFile file("<rect width='60' height='80'/>");
    auto arms = core::vector_arms(file.path);
    REQUIRE(arms.ok());
    CHECK(arms->width / arms->height == doctest::Approx(0.75));
}

TEST_CASE("a file that is no drawing is a clear error") {
    SvgFile broken("<rect");
    CHECK_FALSE(core::render_arms(broken.path, 40).ok());
    CHECK(core::render_arms("/nonexistent/arms.svg", 40).error().code == core::Errc::not_found);
}
