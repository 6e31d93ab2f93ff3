# Two commands on a bare machine: `make run` and `make test`. Set-up is .ci/setup; PYTHON=... chooses the Python.
.PHONY: run test setup bench bench-compare bluez quick fuzz
BIN := .venv/bin
# Most tests wait for processes: three at a time take about half as long, on two cores as well. Those that time a recovery run alone.
TIMED := tests/end_to_end/test_e2e_kills.py tests/end_to_end/test_e2e_lives.py tests/end_to_end/test_e2e_windows.py

run:
	@.ci/setup run
	@$(BIN)/kiosk demo $(ARGS)

setup:
	@.ci/setup run

test:
	@.ci/setup test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
ifeq ($(ARGS),)
	$(BIN)/pytest -q -n 3 --dist loadfile $(addprefix --ignore=,$(TIMED))
	$(BIN)/pytest -q $(TIMED)
else
	$(BIN)/pytest -q $(ARGS)
endif

quick:
	@.ci/setup test
	$(BIN)/pytest -q tests/unit $(ARGS)

bench:
	@.ci/setup test
	$(BIN)/python -m bench $(ARGS)

# against the figures that were kept last, keeping nothing
bench-compare:
	@.ci/setup test
	$(BIN)/python -m bench --compare $(ARGS)

bluez:
	@.ci/setup test
	@tests/bluez/run

# ten million random and mutated payloads through every decoder: MILLIONS=..., SEED=...
fuzz:
	@.ci/setup test
	@nice $(BIN)/python -m tests.fuzz $(or $(MILLIONS),10) $(or $(SEED),1)
