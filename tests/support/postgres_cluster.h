// PostgresCluster: a real PostgreSQL of the test's own, in a folder of its own, on a socket there and on no port.
//
// fsync is on. Unless another is named, the folder is in memory where there is such a place: killing processes loses
// nothing that was written, and the tests are about that. As root it runs as Debian's user postgres, or nobody, as
// PostgreSQL wants.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace test {

class PostgresCluster {
  public:
    // The newest under /usr/lib/postgresql; nothing when there is none.
    static std::optional<std::filesystem::path> programs();
    explicit PostgresCluster(std::filesystem::path under = {});
    ~PostgresCluster();
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;

    std::string url(const std::string& database = "postgres") const;
    void start();  // until it answers
    void stop();   // in good order
    void kill();   // every process of it, at once
    std::string log() const;
    // By psql, as the owner of everything; what it prints.
    std::string sql(const std::string& script, const std::string& database = "postgres") const;

  private:
    std::string as_owner(const std::string& command) const;
    std::filesystem::path bin_, folder_;
    std::string owner_;  // empty: ourselves
    pid_t postmaster_ = 0;
};

// Started by the first who asks, ended with the program. Without PostgreSQL it says so and ends the program with 77.
PostgresCluster& postgres_cluster();

}  // namespace test
