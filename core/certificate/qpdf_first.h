// Include this before qpdf's own headers.
//
// qpdf 11's JSON.hh has a class with a vector of itself, which Clang refuses in C++20 (its constexpr destructor is needed
// too early). We use none of qpdf's JSON: a declaration in its place is all that the other headers ask for.
#pragma once

#define POINTERHOLDER_TRANSITION 4

#ifdef __clang__
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>
#define JSON_HH
class JSON;
#endif
