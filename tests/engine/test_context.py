from __future__ import annotations

import random

import pytest

from components.engine.context import (
    DEFAULT_BYTES_PER_TOKEN,
    LEAST_ANSWER,
    MARGIN,
    SMALLEST_CONTEXT,
    STEP,
    Calibration,
    choose_num_ctx,
    fits,
)

PROSE = "It was a dark and stormy night; the rain fell in torrents. " * 40


class TestCalibration:
    def test_an_unknown_model_is_estimated_by_bytes(self) -> None:
        calibration = Calibration()
        assert calibration.tokens("x" * 4200, "a") == 4200 / DEFAULT_BYTES_PER_TOKEN

    def test_no_text_is_no_token_and_one_letter_is_one(self) -> None:
        assert Calibration().tokens("", "a") == 0
        assert Calibration().tokens("x", "a") == 1

    def test_letters_of_more_bytes_are_more_tokens(self) -> None:
        calibration = Calibration()
        assert calibration.tokens("ж" * 100, "a") > calibration.tokens("x" * 100, "a")

    def test_the_servers_count_is_what_the_next_estimate_says(self) -> None:
        calibration = Calibration()
        calibration.learn("a", prompt_bytes=len(PROSE.encode()), tokens=500)
        assert calibration.tokens(PROSE, "a") == 500
        assert calibration.tokens(PROSE * 3, "a") == 1500

    def test_models_are_told_apart(self) -> None:
        calibration = Calibration()
        before = calibration.tokens(PROSE, "b")
        calibration.learn("a", prompt_bytes=1000, tokens=900)
        assert calibration.tokens(PROSE, "b") == before

    @pytest.mark.parametrize(("prompt_bytes", "tokens"), [(1000, 255), (0, 300), (1000, 0)])
    def test_what_says_little_of_prose_is_passed_over(self, prompt_bytes: int, tokens: int) -> None:
        calibration = Calibration()
        calibration.learn("a", prompt_bytes=prompt_bytes, tokens=tokens, tokens_per_second=100)
        assert calibration.tokens(PROSE, "a") == Calibration().tokens(PROSE, "a")
        assert calibration.reading_seconds(100, "a") is None

    def test_reading_takes_what_it_took(self) -> None:
        calibration = Calibration()
        assert calibration.reading_seconds(1000, "a") is None
        calibration.learn("a", prompt_bytes=4000, tokens=1000, tokens_per_second=200)
        assert calibration.reading_seconds(1000, "a") == 5

    def test_a_speed_from_the_prefix_cache_is_not_believed(self) -> None:
        calibration = Calibration()
        calibration.learn("a", prompt_bytes=4000, tokens=1000, tokens_per_second=200)
        calibration.learn("a", prompt_bytes=4000, tokens=1000, tokens_per_second=11_000)
        assert calibration.reading_seconds(1000, "a") == 5

    @pytest.mark.parametrize("speed", [20.0, 150.0, 299.0])
    def test_a_slower_or_a_little_faster_speed_is(self, speed: float) -> None:
        calibration = Calibration()
        calibration.learn("a", prompt_bytes=4000, tokens=1000, tokens_per_second=200)
        calibration.learn("a", prompt_bytes=4000, tokens=1000, tokens_per_second=speed)
        assert calibration.reading_seconds(1000, "a") == pytest.approx(1000 / speed)

    def test_a_count_without_a_speed_keeps_the_speed(self) -> None:
        calibration = Calibration()
        calibration.learn("a", prompt_bytes=4000, tokens=1000, tokens_per_second=200)
        calibration.learn("a", prompt_bytes=4000, tokens=1100)
        assert calibration.reading_seconds(1000, "a") == 5


class TestFits:
    def test_an_answer_needs_room(self) -> None:
        assert fits(8192 - LEAST_ANSWER, 8192)
        assert not fits(8192 - LEAST_ANSWER + 1, 8192)

    def test_a_model_that_does_not_say_fits_all(self) -> None:
        assert fits(10**9, None)


class TestChooseNumCtx:
    def test_a_short_text_gets_room_for_text_and_answer_in_steps(self) -> None:
        chosen = choose_num_ctx(100, exact=True, answer=1000, limit=32768, loaded=None)
        assert chosen == STEP
        chosen = choose_num_ctx(STEP, exact=True, answer=1, limit=32768, loaded=None)
        assert chosen == 2 * STEP

    def test_an_estimate_leaves_room_for_being_wrong_and_a_count_does_not(self) -> None:
        tokens = 4 * STEP - 1000
        assert choose_num_ctx(tokens, exact=True, answer=1000, limit=None, loaded=None) == 4 * STEP
        assert choose_num_ctx(tokens, exact=False, answer=1000, limit=None, loaded=None) == 5 * STEP

    def test_the_model_sets_the_limit(self) -> None:
        assert choose_num_ctx(7000, exact=False, answer=4096, limit=8192, loaded=None) == 8192
        assert choose_num_ctx(10, exact=False, answer=10, limit=512, loaded=None) == 512

    def test_a_loaded_context_that_is_large_enough_is_kept(self) -> None:
        assert choose_num_ctx(100, exact=False, answer=100, limit=32768, loaded=5000) == 5000
        assert choose_num_ctx(100, exact=False, answer=100, limit=None, loaded=5000) == 5000

    def test_a_loaded_context_at_the_limit_is_kept_even_for_less_than_wanted(self) -> None:
        assert choose_num_ctx(8000, exact=False, answer=4096, limit=8192, loaded=8192) == 8192

    def test_a_loaded_context_that_is_too_small_is_not(self) -> None:
        assert choose_num_ctx(4000, exact=True, answer=96, limit=32768, loaded=4095) == 2 * STEP

    def test_a_loaded_context_that_the_server_does_not_tell_is_none(self) -> None:
        assert choose_num_ctx(100, exact=True, answer=100, limit=8192, loaded=0) == STEP

    def test_surely_too_long_asks_for_no_memory(self) -> None:
        chosen = choose_num_ctx(50_000, exact=False, answer=4096, limit=8192, loaded=None)
        assert chosen == SMALLEST_CONTEXT
        assert choose_num_ctx(50_000, exact=False, answer=4096, limit=1024, loaded=None) == 1024

    def test_surely_too_long_loads_nothing_anew(self) -> None:
        assert choose_num_ctx(50_000, exact=False, answer=4096, limit=8192, loaded=4096) == 4096

    def test_a_little_too_long_is_tried(self) -> None:
        # By the estimate's own uncertainty it may fit: the server's count decides.
        tokens = int(8192 * (1 + MARGIN))
        assert choose_num_ctx(tokens, exact=False, answer=4096, limit=8192, loaded=None) == 8192

    def test_never_above_the_limit_and_never_nothing(self) -> None:
        chance = random.Random(1)
        for _ in range(5000):
            tokens, answer = chance.randint(0, 300_000), chance.randint(1, 8192)
            limit = chance.randint(256, 131_072)
            loaded = chance.choice([None, 0, chance.randint(1, 262_144)])
            chosen = choose_num_ctx(
                tokens, exact=chance.random() < 0.5, answer=answer, limit=limit, loaded=loaded
            )
            assert 0 < chosen <= limit, (tokens, answer, limit, loaded)

    def test_what_the_limit_allows_is_large_enough(self) -> None:
        chance = random.Random(2)
        for _ in range(5000):
            tokens, answer = chance.randint(0, 100_000), chance.randint(1, 8192)
            limit = chance.choice([None, chance.randint(tokens + answer, 300_000)])
            loaded = chance.choice([None, chance.randint(1, 262_144)])
            chosen = choose_num_ctx(tokens, exact=True, answer=answer, limit=limit, loaded=loaded)
            assert chosen >= tokens + answer
