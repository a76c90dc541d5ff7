// The evidence log: append beside a plain SQLite insert and commit of the same bytes, proofs, opening and
// audit by size.
//
// Proofs and audits run on logs of 1,000 to 100,000 entries, and of 1,000,000 with HANDSLAG_FULL=1. Those
// logs are loaded in bulk without syncs; everything measured on them reads through the same code as on a
// tablet.
#include <cstdlib>
#include <map>
#include <random>

#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include "tests/support/store_fixture.h"

using namespace core;

namespace {

constexpr std::size_t record_size = 2'000, certificate_size = 60'000;

Append one_signing_worth(std::size_t size_of_certificate) {
    Append what{{"note", {}, {}, {}, test::now()}, {}, {}};
    what.entry.payloads["record"] = Bytes(record_size, 'r');
    what.entry.payloads["certificate"] = Bytes(size_of_certificate, 'c');
    return what;
}

void append_durably(benchmark::State& state) {
    test::Folder folder;
    auto store = test::open_store(folder.path()).value();
    auto what = one_signing_worth(certificate_size);
    for (auto _ : state)
        if (!store.append(what).ok()) state.SkipWithError("append failed");
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(record_size + certificate_size));
}

void plain_sqlite_insert_durably(benchmark::State& state) {
    test::Folder folder;
    sqlite3* plain = nullptr;
    sqlite3_open((folder.path() / "plain.db").c_str(), &plain);
    sqlite3_exec(plain,
                 "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                 "CREATE TABLE payloads (id INTEGER PRIMARY KEY, record BLOB, certificate BLOB)",
                 nullptr, nullptr, nullptr);
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(plain, "INSERT INTO payloads (record, certificate) VALUES (?, ?)", -1, &insert,
                       nullptr);
    Bytes record(record_size, 'r'), certificate(certificate_size, 'c');
    for (auto _ : state) {
        sqlite3_bind_blob(insert, 1, record.data(), static_cast<int>(record.size()), SQLITE_STATIC);
        sqlite3_bind_blob(insert, 2, certificate.data(), static_cast<int>(certificate.size()), SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE) state.SkipWithError("insert failed");
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    sqlite3_close(plain);
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(record_size + certificate_size));
}

void append_without_sync(benchmark::State& state) {
    test::Folder folder;
    auto store = test::open_store(folder.path(), {StoreOptions::Durability::none}).value();
    auto what = one_signing_worth(certificate_size);
    for (auto _ : state)
        if (!store.append(what).ok()) state.SkipWithError("append failed");
    state.SetItemsProcessed(state.iterations());
}

Append small_entry() {
    Append what{{"note", {}, {}, {}, test::now()}, {}, {}};
    what.entry.payloads["record"] = Bytes(200, 'r');
    return what;
}

void load(Store& store, std::int64_t entries) {
    const std::vector<Append> batch(1'000, small_entry());
    for (std::int64_t done = 0; done < entries; done += static_cast<std::int64_t>(batch.size()))
        if (!store.append_all(batch).ok()) std::abort();
}

// One log of each size, made once and kept until the end.
Store& log_of(std::int64_t entries) {
    static std::map<std::int64_t, std::pair<std::unique_ptr<test::Folder>, std::unique_ptr<Store>>> logs;
    auto& [folder, store] = logs[entries];
    if (!store) {
        folder = std::make_unique<test::Folder>();
        store = std::make_unique<Store>(
            test::open_store(folder->path(), {StoreOptions::Durability::none}).value());
        load(*store, entries);
    }
    return *store;
}

void bulk_append(benchmark::State& state) {
    for (auto _ : state) {
        test::Folder folder;
        auto store = test::open_store(folder.path(), {StoreOptions::Durability::none}).value();
        load(store, state.range(0));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.SetComplexityN(state.range(0));
}

void prove_inclusion(benchmark::State& state) {
    Store& store = log_of(state.range(0));
    std::mt19937_64 random(20261121);
    for (auto _ : state) {
        auto proof = store.prove_inclusion(random() % store.size(), store.size());
        if (!proof.ok()) state.SkipWithError("no proof");
        benchmark::DoNotOptimize(proof);
    }
    state.SetComplexityN(state.range(0));
}

void prove_consistency(benchmark::State& state) {
    Store& store = log_of(state.range(0));
    std::mt19937_64 random(20261121);
    for (auto _ : state) {
        auto proof = store.prove_consistency(1 + random() % store.size(), store.size());
        if (!proof.ok()) state.SkipWithError("no proof");
        benchmark::DoNotOptimize(proof);
    }
    state.SetComplexityN(state.range(0));
}

// Signed on top of a log of that size: must not depend on it.
void append_at(benchmark::State& state) {
    Store& store = log_of(state.range(0));
    auto what = small_entry();
    for (auto _ : state)
        if (!store.append(what).ok()) state.SkipWithError("append failed");
    state.SetComplexityN(state.range(0));
}

void audit(benchmark::State& state) {
    Store& store = log_of(state.range(0));
    for (auto _ : state)
        if (!store.audit()->ok()) state.SkipWithError("the audit found something");
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(store.size()));
    state.SetComplexityN(state.range(0));
}

void sizes(benchmark::internal::Benchmark* benchmark) {
    const char* full = std::getenv("HANDSLAG_FULL");
    std::int64_t most = full != nullptr && std::string_view(full) == "1" ? 1'000'000 : 100'000;
    for (std::int64_t entries = 1'000; entries <= most; entries *= 10) benchmark->Arg(entries);
}

}  // namespace

BENCHMARK(append_durably)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(plain_sqlite_insert_durably)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(append_without_sync)->Unit(benchmark::kMicrosecond);
BENCHMARK(prove_inclusion)->Apply(sizes)->Unit(benchmark::kMicrosecond)->Complexity(benchmark::oLogN);
BENCHMARK(prove_consistency)->Apply(sizes)->Unit(benchmark::kMicrosecond)->Complexity(benchmark::oLogN);
BENCHMARK(audit)->Apply(sizes)->Unit(benchmark::kMillisecond)->Iterations(1)->Complexity(benchmark::oN);
BENCHMARK(append_at)->Apply(sizes)->Unit(benchmark::kMicrosecond)->Iterations(500);
BENCHMARK(bulk_append)->Apply(sizes)->Unit(benchmark::kMillisecond)->Iterations(1)->Complexity(benchmark::oN);
