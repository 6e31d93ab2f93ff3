# Two commands on a bare machine: `make run` and `make test`. Set-up is .ci/setup; PYTHON=... chooses the Python.
.PHONY: run test setup bench bluez quick
BIN := .venv/bin
# tests mostly wait for processes: two at a time take little more than half as long; `make test JOBS=0` one by one
JOBS := 2

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
	$(BIN)/pytest -q -n $(JOBS) --dist loadfile $(ARGS)

quick:
	@.ci/setup test
	$(BIN)/pytest -q tests/unit $(ARGS)

bench:
	@.ci/setup test
	$(BIN)/python -m bench $(ARGS)

bluez:
	@.ci/setup test
	@tests/bluez/run
