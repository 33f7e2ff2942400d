"""What the benchmarks stand on: a throw-away installation, made-up books, a stopwatch."""
