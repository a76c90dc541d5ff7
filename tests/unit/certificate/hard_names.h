// Hard names: 200 that people and organisations have or could have, as typed, and as they must stand on paper; and those
// that must be refused, since no font here can set them right.
#pragma once

#include <array>

namespace test {

struct HardName {
    const char* typed;
    const char* shown = nullptr;  // null: as typed
};

// clang-format off
inline constexpr std::array<HardName, 200> hard_names{{
    // Swedish, with everything that associations put into a name
    {"Åsa Öberg"}, {"Örjan Ärlebäck"}, {"Måns Åhlén"}, {"Linnéa Sjö"}, {"IF Älvkarleö"}, {"S:t Görans Scoutkår"},
    {"Föreningen Åö & Ö"}, {"1:a Strandköpings Sjöscoutkår"}, {"Rädda Barnen – lokalförening"}, {"”Vi som går”"},
    {"Café Träffpunkten (f.d. Öppna Dörren)"}, {"Hjälp+ Öst"}, {"IOGT-NTO 1099 Framåt"}, {"Bygd/Liv/Hopp"}, {"Nätverket #Mer"},
    {"Brf ½ Mil"}, {"Klubb m² Innebandy"}, {"§ 4-gruppen"}, {"Ö"}, {"Å Å"}, {"Föreningen 100 %"},
    {"Gösta-sällskapet (1921–2026)"}, {"Växjö №1"}, {"Klubb E=mc²"}, {"Ǻsta Ǽgir Ǿrsted"},
    // Danish, Norwegian, Icelandic, Faroese
    {"Søren Kjærgård"}, {"Bjørnstjerne Bjørnson"}, {"Ærø Æbeltoft"}, {"Ingvild Ødegård"}, {"Þóra Björk Guðmundsdóttir"},
    {"Ægir Þór Ólafsson"}, {"Ýr Éljagrímsdóttir"}, {"Sigríður Úa Íslands"}, {"Jóannes á Høvdanum"}, {"Óluvá Poulsen"},
    // Sámi
    {"Nils-Ánte Gaup"}, {"Máret Ánne Sara"}, {"Áilu Ŋuorttaš"}, {"Ole Ándde Čáhput"}, {"Biret Đierpmis"}, {"Ŧuđđar Šaddu"},
    {"Sámiid Riikkasearvi"}, {"Kirsti Žižek-Ođđa"}, {"Skolt Ǩeʹrǩǩ"}, {"Ǥuõʹlǥǥ Ǯiõrggâd"}, {"Gïele Åarjel"}, {"Jåhkåmåhke Julevsábme"},
    // Finnish, Estonian, Latvian, Lithuanian
    {"Väinö Yrjö Hämäläinen"}, {"Õnne Pärnamäe"}, {"Ülo Jõgi"}, {"Žanete Ķēniņa"}, {"Ģirts Ļaudonis"}, {"Rūta Čākste"},
    {"Ņina Šķēle"}, {"Žydrūnas Šių"}, {"Eglė Jurgėlaitė"}, {"Ąžuolas Ęglis"}, {"Ilgūnas Į Ųžas"}, {"Meänkieli-Ä ry"},
    // Polish, Czech, Slovak, Hungarian
    {"Renée Łukasiewicz"}, {"Zażółć Gęśla-Jaźń"}, {"Świętosława Żądło"}, {"Ćwikła Ńemo"}, {"Łódź Polska Förening"},
    {"Milan Černý-Šimko"}, {"Řehoř Žďárský"}, {"Ďáblík Ťuhýk"}, {"Jiří Ňouma"}, {"Příliš Žluťoučký Kůň"}, {"Ľudovít Ŕapoš"},
    {"Ĺubica Vŕba"}, {"Čeněk Škvorecký"}, {"Győző Űrhajós"}, {"Őrsi Tűzoltó"}, {"Erzsébet Szűcs"},
    // Romanian: comma below, and the cedilla that old keyboards give
    {"Ștefan Țepeș"}, {"Ioniță Brâncuși"}, {"Măriuca Țîru"}, {"Ţară cu sedilă Şi"}, {"Bogdan Țăran-Știrbei"},
    // Turkish, Azerbaijani, Kazakh in Latin
    {"İbrahim Işık"}, {"Ayşe Gül Çağlar"}, {"Şule Öztürk"}, {"Iğdır İğde"}, {"Əli Əhmədov"}, {"Doğan Yıldız"}, {"Ñazym Ğani"},
    {"Ümmügülsüm Aydınlık"},
    // Vietnamese: two marks on a letter
    {"Nguyễn Thị Hồng Nhung"}, {"Trần Đức Thắng"}, {"Phạm Quỳnh Ngân"}, {"Đặng Thuỳ Dương"}, {"Lê Hữu Phước"}, {"Võ Nữ Ái"},
    {"Huỳnh Mẫn Đạt"}, {"Ngô Bảo Châu"}, {"Bùi Thế Lữ"}, {"Ẩn Ỡ Ự Ỹ"}, {"Đỗ Ngọc Ẵng"}, {"Ỷ Lan Ỵ"},
    // South Slavic in Latin, Albanian, Maltese, Welsh, Irish, Catalan, Iberian, French, German, Dutch
    {"Dženan Đukić"}, {"Željko Čapljić"}, {"Šćepan Žderić"}, {"Arbër Çela"}, {"Ħanna Ġużè Żahra"}, {"Ŵyn Ŷstrad"},
    {"Siân Llŷr"}, {"Pádraig Ó Súilleabháin"}, {"Bláthnaid Ní Dhónaill"}, {"Pol·lina Gal·la"}, {"João Conceição"},
    {"Iñigo Núñez"}, {"¿Qué? ¡Sí! Club"}, {"Œuvre L’Haÿ-les-Roses"}, {"Zoë Benoît"}, {"Agnès Ÿves"}, {"Jürgen Groß"},
    {"STRAẞE E.V."}, {"Naïma Özgür"}, {"Ĳsbrand van ’t Hoff"},
    // Greek, Cyrillic
    {"Γιώργος Παπαδόπουλος"}, {"Ελένη Ϊωάννου"}, {"Ἀθηνᾶ Ὠκεανός"}, {"Σοφία Ψύχος"}, {"Άγγελος Ήρως"},
    {"Анна Ковалёва"}, {"Щукин Ъеръ Ыков"}, {"Їжакевич Ґалаґан"}, {"Олександр Є’їв"}, {"Ђорђе Њушић"}, {"Љиљана Ћирић"},
    {"Џевад Ѓорѓи Ќосе"}, {"Айгүл Қожа Өмір"}, {"Ұлан Һәм Ңұр"}, {"Баярмаа Ёндон"}, {"Ўткир Ҳамид Ғани"}, {"Ѐлена Ѝвета"},
    {"Йордан Щерев"}, {"Ясен Ѫдица"}, {"Strandköpings Русский клуб Ελλάς"},
    // African, Pacific, romanised Arabic and Sanskrit, Pinyin, Esperanto, Azeri, Inuit
    {"Ẹniọlá Ṣọlá"}, {"Ɓala Ɗan Ƙasa"}, {"Ŋgɛ Ɔkɔ"}, {"Kalākaua Hawaiʻi"},
    {"Ḥasan al-Ḍāmin"}, {"ʿAbd aṭ-Ṭāliʿ"}, {"Ẓāhir ʾUmar"}, {"Kṛṣṇa Ṇārāyaṇ"}, {"Lǚ Měihuā"}, {"Ĉiuĵaŭda Ŝanĝo"}, {"Māori Tāmaki"},
    // Letters that fonts like to join, and pairs that they like to kern
    {"Sofie Fält"}, {"Affe Stoffer"}, {"Effie Griffith"}, {"Fjäll & Fjord"}, {"Steffi Flöjt"}, {"Offlinegruppen"},
    {"Kraftfält fffi fffl"}, {"AVA Tova Wåhlstrand"}, {"To. Ty, Ve-Va W. Yt"}, {"LT LV L’T"}, {"11:11 1177 AV/VA"}, {"P.A.F. Åå"},
    // Hyphens, dashes and apostrophes of every kind
    {"Anna-Karin Sjö-Öst"}, {"Anna\u2011Karin Wåhl"}, {"Nord–Syd – Väst"}, {"O'Connor D'Arc"}, {"O’Connor D’Arc"}, {"Sa‘id Ba‘ath"},
    {"Oʻzbek Gʻulom"}, {"Mʼbeki Nʼdour"}, {"Mac\u2010Donald"}, {"\"Rakt\" 'igenom'"},
    // Typed in pieces: letters and their marks apart, which NFC puts together
    {"A\u030Asa O\u0308berg", "Åsa Öberg"}, {"Linne\u0301a", "Linnéa"}, {"C\u030Cerny\u0301", "Černý"}, {"N\u0303andu\u0301", "Ñandú"},
    {"S\u0326tefan T\u0326epes\u0326", "Ștefan Țepeș"}, {"Nguye\u0302\u0303n Thi\u0323", "Nguyễn Thị"},
    {"U\u0308mmu\u0308", "Ümmü"}, {"I\u0307stanbul", "İstanbul"}, {"И\u0306од Е\u0308ж", "Йод Ёж"}, {"Ι\u0308ω\u0301", "Ϊώ"},
    {"\u212Bngstro\u0308m", "Ångström"}, {"E\u0323ni\u0301", "Ẹní"},
    // What cannot be seen goes: soft hyphens, joiners, direction marks; spaces of every kind become one
    {"Sam\u00ADarbete", "Samarbete"}, {"Sko\u00ADlor\u00ADna", "Skolorna"}, {"Anna\u200BKarin", "AnnaKarin"},
    {"\u200EÅke\u200F Ek", "Åke Ek"}, {"Karl\u00A0XII", "Karl XII"}, {"  Två   mellanrum ", "Två mellanrum"},
    {"Smal\u2009sats", "Smal sats"}, {"Tab\tord", "Tab ord"},
    // Long
    {"Föreningen för Naturens, Kulturmiljöns och Skärgårdens Bevarande i Strandköping och Östra Ångermanälvens Dalgångar m.m."},
    {"Anna-Karin Margareta Wilhelmina Łukasiewicz-Öberg af Strandköping och Ånäset, född Černý-Šimková"},
    {"Realisationsvinstbeskattningsmotståndarrörelsens-samarbetsorganisationsföreningen"},
    {"Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"},
    {"ABBCCDDEEFFGGHHIIJJKKLLMMNNOOPPQQRRSSTTUUVVWWXXYYZZÅÅÄÄÖÖ0123456789"},
    {"Kommunikationsverksamhetsutvecklingsorganisationen Ångermanälvens Fiskevårdsområdesföreningars Samarbetsförbund"},
    {"Ett Mycket Långt Namn Med Väldigt Många Korta Ord I Sig Som Aldrig Vill Ta Slut Fast Det Måste Det Ju Till Sist Göra Nu"},
}};

// None of these may come as far as a signature.
inline constexpr std::array refused_names{
    "محمد العلي", "دارالسلام", "שלום", "王小明", "田中さくら", "김민수", "สมชาย", "नेहा शर्मा", "தமிழ்", "አበበ ቢቂላ", "ქართული",
    "Հայաստան", "Klubb 🙂", "❤ Hjärtat", "👩‍👩‍👧 Familjen", "Fören\u0332ingen", "Z\u0351algo", "J\u030Cemal", "q\u0308y", "Ọlá Adébáyọ\u0300",
    "\uE000Privat", "Tom\uFFFCplats", "𝔉raktur", "𐌰𐌱𐌲",
};
// clang-format on

}  // namespace test
