"""Run every benchmark, one after another: `make bench`."""

from bench import stream

if __name__ == "__main__":
    stream.main()
