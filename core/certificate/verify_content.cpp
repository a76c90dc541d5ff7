#include "core/certificate/verify_content.h"

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "core/certificate/draw.h"
#include "core/certificate/verify_font.h"

namespace core {
namespace {

constexpr double points_per_mm = 72.0 / 25.4;
constexpr double smallest_text = 5, largest_text = 60, widest_spacing = 10, thickest_line = 1.5;
// Ink is a little thicker than the strokes that the layout placed; arms are 24 mm high.
constexpr double ink_margin = 2 * points_per_mm, largest_arms = 30 * points_per_mm;
constexpr double text_contrast = 4.5, line_contrast = 1.5;  // WCAG 2.1, 1.4.3; a line need only not be white
constexpr std::size_t most_figures = 64, most_fonts = 16;

bool is_word(char32_t c) {
    if (c < 0x80) return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
    return c >= 0xC0 && c != U'×' && c != U'÷' && !(c >= 0x2000 && c <= 0x206F);
}

struct Matrix {
    double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;
};

struct Point {
    double x = 0, y = 0;
};

void widen(Rectangle& box, Point point) {
    box.left = std::min(box.left, point.x), box.right = std::max(box.right, point.x);
    box.bottom = std::min(box.bottom, point.y), box.top = std::max(box.top, point.y);
}

// How much darker than white paper (WCAG 2.1).
double contrast_to_white(double red, double green, double blue) {
    auto linear = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 1.05 / (0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) + 0.05);
}

struct Look {  // what q saves and Q brings back
    Matrix matrix;
    const ReadFont* font = nullptr;
    double size = 0, spacing = 0, line_width = 1, fill_contrast = 21, line_contrast = 21;
};

using Fonts_by_name = std::map<std::string, const ReadFont*, std::less<>>;

struct PageFrame {
    Fonts_by_name fonts;
    std::optional<Rectangle> arms;  // the form's own box
    double width = 0, height = 0;
};

class PageReader {
  public:
    PageReader(const PageFrame& frame, ShownText& shown) : frame_(frame), shown_(shown) {}

    void take(const PdfOperation& step) {
        if (!wrong_.empty()) return;
        operands_ = &step.operands;
        std::string_view what = step.operation;
        if (what == "BDC" || what == "BMC") return begin(what == "BDC");
        if (what == "EMC") return end();
        if (piece_ == Piece::none) return refuse("something outside the marked pieces");
        if (what == "rg" || what == "RG") return colour(what == "rg");
        // A table's head that comes again on the next page is an artifact; it is read and judged as all text is.
        bool words = piece_ == Piece::text || in_text_ || (piece_ == Piece::artifact && what == "BT");
        if (words) return take_text(what);
        if (piece_ == Piece::artifact) return take_line(what);
        take_figure(what);
    }

    Status finish() {
        if (wrong_.empty() && (piece_ != Piece::none || !saved_.empty())) wrong_ = "a page that breaks off";
        if (wrong_.empty())
            for (const Rectangle& figure : figures_)
                if (std::any_of(marks_.begin(), marks_.end(), [&](const Point& mark) {
                        return mark.x > figure.left + ink_margin && mark.x < figure.right - ink_margin &&
                               mark.y > figure.bottom + ink_margin && mark.y < figure.top - ink_margin;
                    }))
                    wrong_ = "a figure that lies over text";
        return wrong_.empty() ? Status{} : Status{Error{Errc::malformed, wrong_}};
    }

  private:
    enum class Piece { none, text, figure, artifact };

    void refuse(const char* what) {
        if (wrong_.empty()) wrong_ = what;
    }

    // The operands as numbers, when there are exactly so many.
    bool numbers(std::size_t count) {
        if (operands_->size() != count) return refuse("an operator with other operands"), false;
        for (std::size_t i = 0; i < count; ++i) {
            const PdfValue& value = (*operands_)[i];
            if (const std::int64_t* whole = value.integer())
                number_[i] = static_cast<double>(*whole);
            else if (const auto* real = std::get_if<PdfReal>(&value.is))
                number_[i] = real->value;
            else
                return refuse("an operator with other operands"), false;
        }
        return true;
    }
    const PdfName* name_at(std::size_t i) const {
        return i < operands_->size() ? std::get_if<PdfName>(&(*operands_)[i].is) : nullptr;
    }

    void begin(bool with_properties) {
        const PdfName* tag = name_at(0);
        if (piece_ != Piece::none || tag == nullptr || operands_->size() != (with_properties ? 2U : 1U))
            return refuse("marked content of another form");
        if (!with_properties) {
            if (tag->text != "Artifact") return refuse("marked content of another form");
            piece_ = Piece::artifact;
            return;
        }
        const PdfDictionary* properties = (*operands_)[1].dictionary();
        auto mcid = properties != nullptr ? properties->find("MCID") : PdfDictionary::const_iterator{};
        if (properties == nullptr || properties->size() != 1 || mcid == properties->end() ||
            mcid->second.integer() == nullptr || *mcid->second.integer() != pieces_++)
            return refuse("marked content of another form");
        bool figure = tag->text == "Figure";
        constexpr std::string_view texts[] = {"P", "H1", "H2", "Link", "TH", "TD"};
        if (!figure && std::find(std::begin(texts), std::end(texts), tag->text) == std::end(texts))
            return refuse("marked content of another kind");
        piece_ = figure ? Piece::figure : Piece::text;
        if (!figure) return;
        if (figures_.size() == most_figures) return refuse("too many figures on a page");
        figures_.push_back({1e9, 1e9, -1e9, -1e9});
    }

    void end() {
        if (piece_ == Piece::none || in_text_ || !saved_.empty() || open_path_)
            return refuse("a piece that breaks off");
        piece_ = Piece::none;
    }

    void colour(bool fill) {
        if (in_text_ || !saved_.empty() || !numbers(3)) return refuse("a colour where none belongs");
        for (int i = 0; i < 3; ++i)
            if (number_[i] < 0 || number_[i] > 1) return refuse("an impossible colour");
        (fill ? look_.fill_contrast : look_.line_contrast) =
            contrast_to_white(number_[0], number_[1], number_[2]);
    }

    void take_text(std::string_view what) {
        if (what == "BT") {
            if (in_text_) return refuse("text inside text");
            in_text_ = true, placed_ = false;
            return;
        }
        if (!in_text_) return refuse("something else inside a piece of text");
        if (what == "ET") {
            in_text_ = false;
            return;
        }
        if (what == "Tf") {
            const PdfName* name = name_at(0);
            auto found = name != nullptr ? frame_.fonts.find(name->text) : frame_.fonts.end();
            if (operands_->size() != 2 || found == frame_.fonts.end())
                return refuse("text in an unknown font");
            const PdfValue& size = (*operands_)[1];
            const auto* real = std::get_if<PdfReal>(&size.is);
            look_.size = size.integer() != nullptr ? static_cast<double>(*size.integer())
                         : real != nullptr         ? real->value
                                                   : 0;
            look_.font = found->second;
            if (look_.size < smallest_text || look_.size > largest_text)
                return refuse("text too small or too large to read");
        } else if (what == "Tc") {
            if (!numbers(1)) return;
            look_.spacing = number_[0];
            if (look_.spacing < 0 || look_.spacing > widest_spacing) return refuse("text drawn together");
        } else if (what == "Td") {
            if (!numbers(2)) return;
            if (placed_) return refuse("text moved twice");
            placed_ = true, at_ = {number_[0], number_[1]};
        } else if (what == "Tj") {
            show();
        } else {
            refuse("an operator that we do not use in text");
        }
    }

    void show() {
        const PdfString* codes = operands_->size() == 1 ? (*operands_)[0].string() : nullptr;
        if (codes == nullptr || look_.font == nullptr || !placed_ || codes->bytes.size() % 2 != 0)
            return refuse("text that is not written as we write it");
        if (look_.fill_contrast < text_contrast) return refuse("text too pale to read");
        double width = 0, inked = 0;
        bool edge = true;  // each line begins anew
        for (std::size_t i = 0; i < codes->bytes.size(); i += 2) {
            std::size_t code = static_cast<std::size_t>(codes->bytes[i] << 8 | codes->bytes[i + 1]);
            if (code == 0 || code >= look_.font->characters.size())
                return refuse("a letter without a meaning");
            width += look_.font->widths[code] / 1000 * look_.size;
            char32_t c = look_.font->characters[code];
            bool word = is_word(c);
            if (c == U' ' || c == U'\u00A0') {
                edge = true;
            } else {
                inked = width;
                std::size_t before = shown_.letters.size();
                append_utf8(shown_.letters, c);
                shown_.edge[before] = edge || !word;
                shown_.edge.resize(shown_.letters.size() + 1, false);
                edge = !word;
            }
            width += look_.spacing;
        }
        shown_.edge.back() = true;
        if (at_.x < 0 || at_.x + inked > frame_.width || at_.y < 0.25 * look_.size ||
            at_.y + 0.8 * look_.size > frame_.height)
            return refuse("text off the page");
        double middle = at_.y + 0.3 * look_.size;
        for (double part : {0.0, 0.5, 1.0}) marks_.push_back({at_.x + part * inked, middle});
        placed_ = false;
    }

    void take_line(std::string_view what) {
        if (what == "w") {
            if (!numbers(1)) return;
            look_.line_width = number_[0];
        } else if (what == "m" || what == "l") {
            if (numbers(2)) open_path_ = true;
        } else if (what == "S") {
            if (look_.line_width <= 0 || look_.line_width > thickest_line) return refuse("a line too thick");
            if (look_.line_contrast < line_contrast) return refuse("a white line");
            open_path_ = false;
        } else {
            refuse("an operator that we do not use for lines");
        }
    }

    void take_figure(std::string_view what) {
        if (what == "q") {
            if (!saved_.empty()) return refuse("a figure inside a figure");
            saved_.push_back(look_);
        } else if (what == "Q") {
            if (saved_.empty() || open_path_) return refuse("a figure that breaks off");
            look_ = saved_.back();
            saved_.pop_back();
        } else if (saved_.empty()) {
            refuse("an operator that we do not use for figures");
        } else if (what == "cm") {
            if (!numbers(6)) return;
            Matrix given{number_[0], number_[1], number_[2], number_[3], number_[4], number_[5]};
            if (look_.matrix.a != 1 || look_.matrix.e != 0 || look_.matrix.f != 0 || given.b != 0 ||
                given.c != 0 || given.a <= 0 || std::abs(given.a - given.d) > 1e-6)
                return refuse("a figure that is turned or stretched");
            look_.matrix = given;
        } else if (what == "m" || what == "l") {
            if (numbers(2)) path_point(0);
        } else if (what == "c") {
            if (numbers(6))
                for (std::size_t i : {0U, 2U, 4U}) path_point(i);
        } else if (what == "re") {
            if (!numbers(4)) return;
            path_point(0);
            number_[0] += number_[2], number_[1] += number_[3];
            path_point(0);
        } else if (what == "h") {
            if (!open_path_) refuse("a path without a beginning");
        } else if (what == "f") {
            if (look_.fill_contrast < text_contrast) return refuse("a figure too pale to see");
            open_path_ = false;
        } else if (what == "Do") {
            const PdfName* name = name_at(0);
            if (name == nullptr || name->text != "Arms" || !frame_.arms || operands_->size() != 1 ||
                open_path_)
                return refuse("something drawn that is not the arms");
            Rectangle at{1e9, 1e9, -1e9, -1e9};
            for (Point corner :
                 {Point{frame_.arms->left, frame_.arms->bottom}, Point{frame_.arms->right, frame_.arms->top}})
                widen(at, on_page(corner));
            if (at.right - at.left > largest_arms || at.top - at.bottom > largest_arms || at.left < 0 ||
                at.bottom < 0 || at.right > frame_.width || at.top > frame_.height)
                return refuse("arms too large or off the page");
            widen(figures_.back(), {at.left, at.bottom}), widen(figures_.back(), {at.right, at.top});
        } else {
            refuse("an operator that we do not use for figures");
        }
    }

    Point on_page(Point p) const {
        return {look_.matrix.a * p.x + look_.matrix.e, look_.matrix.d * p.y + look_.matrix.f};
    }
    void path_point(std::size_t at) {
        open_path_ = true;
        widen(figures_.back(), on_page({number_[at], number_[at + 1]}));
    }

    const PageFrame& frame_;
    ShownText& shown_;
    const std::vector<PdfValue>* operands_ = nullptr;
    double number_[6] = {};
    Look look_;
    std::vector<Look> saved_;
    Piece piece_ = Piece::none;
    bool in_text_ = false, placed_ = false, open_path_ = false;
    Point at_;
    std::int64_t pieces_ = 0;
    std::vector<Point> marks_;  // where text stands
    std::vector<Rectangle> figures_;
    std::string wrong_;
};

std::optional<Rectangle> read_rectangle(const PdfArray* array) {
    if (array == nullptr || array->size() != 4) return std::nullopt;
    double edge[4];
    for (std::size_t i = 0; i < 4; ++i) {
        const PdfValue& value = (*array)[i];
        const auto* real = std::get_if<PdfReal>(&value.is);
        if (value.integer() == nullptr && real == nullptr) return std::nullopt;
        edge[i] = real != nullptr ? real->value : static_cast<double>(*value.integer());
    }
    return Rectangle{edge[0], edge[1], edge[2], edge[3]};
}

// The arms' form: drawn as it is, in its own box.
Result<Rectangle> read_arms(const PdfFile& file, const PdfDictionary& forms) {
    const PdfObject* form = forms.size() == 1 ? file.find_stream(forms, "Arms") : nullptr;
    const PdfDictionary* dictionary = form != nullptr ? form->value.dictionary() : nullptr;
    const PdfValue* kind = dictionary != nullptr ? file.find(*dictionary, "Subtype") : nullptr;
    auto box = dictionary != nullptr ? read_rectangle(file.find_array(*dictionary, "BBox")) : std::nullopt;
    if (!box || kind == nullptr || !kind->is_name("Form") || dictionary->contains("Matrix") ||
        box->right <= box->left || box->top <= box->bottom)
        return Error{Errc::malformed, "a page that draws something besides the arms"};
    return *box;
}

}  // namespace

Result<ShownText> read_pages(const PdfFile& file, const std::vector<const PdfDictionary*>& pages,
                             std::size_t& room) {
    std::map<int, ReadFont> fonts;  // by object: pages share them
    ShownText shown;
    shown.edge.push_back(true);
    for (const PdfDictionary* page : pages) {
        PageFrame frame;
        auto box = read_rectangle(file.find_array(*page, "MediaBox"));
        constexpr double width = 210 * points_per_mm, height = 297 * points_per_mm;
        if (!box || box->left != 0 || box->bottom != 0 || std::abs(box->right - width) > 0.01 ||
            std::abs(box->top - height) > 0.01)
            return Error{Errc::malformed, "a page that is not A4"};
        frame.width = width, frame.height = height;
        const PdfDictionary* resources = page->at("Resources").dictionary();
        auto listed = resources->find("Font");
        for (const auto& [name, font] : *listed->second.dictionary()) {
            int object = font.reference() != nullptr ? font.reference()->object : 0;
            auto known = fonts.find(object);
            if (known == fonts.end()) {
                if (object == 0 || fonts.size() == most_fonts)
                    return Error{Errc::malformed, "too many fonts, or one that is not an object"};
                TRY_ASSIGN(ReadFont read, read_font(file, font, room));
                known = fonts.emplace(object, std::move(read)).first;
            }
            frame.fonts.emplace(name, &known->second);
        }
        if (const PdfDictionary* forms = file.find_dictionary(*resources, "XObject")) {
            TRY_ASSIGN(frame.arms, read_arms(file, *forms));
        }
        const PdfObject* content = file.find_stream(*page, "Contents");
        if (content == nullptr) return Error{Errc::malformed, "a page without content"};
        TRY_ASSIGN(Bytes operators, file.inflate(*content, room));
        PageReader reader(frame, shown);
        TRY(for_each_operation(operators, [&](const PdfOperation& step) { reader.take(step); }));
        TRY(reader.finish());
    }
    return shown;
}

}  // namespace core
