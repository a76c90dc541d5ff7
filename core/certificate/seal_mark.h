// Seal mark: the small emblem that stands where the seal's field is, as PDF operators. It needs no font.
#pragma once

#include <string>

namespace core {

std::string seal_mark(double side);  // points; origin bottom left

}  // namespace core
