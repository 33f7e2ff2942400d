"""The side of lifetimes in `speed.py`, for an interpreter that has it: prints a line of JSON."""

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.utils import summary_data_from_transaction_data

warnings.simplefilter("ignore")


def timed(work):
    start = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - start


def main(file, days, horizon):
    lines = np.load(file)
    start = pd.Timestamp("1970-01-01")
    frame = pd.DataFrame(
        {
            "customer": lines["customer"],
            "date": start + pd.to_timedelta(lines["day"], unit="D"),
            "amount": lines["amount"],
        }
    )
    end = start + pd.Timedelta(days=days)
    summary, seconds = timed(
        lambda: summary_data_from_transaction_data(
            frame, "customer", "date", "amount", observation_period_end=end
        )
    )
    answer = {"bgnbd": {"summary": seconds, **fitted(summary, horizon)}}
    repeat = summary[(summary["frequency"] > 0) & (summary["monetary_value"] > 0)]
    spend = GammaGammaFitter()
    _, fit = timed(lambda: spend.fit(repeat["frequency"], repeat["monetary_value"]))
    _, score = timed(
        lambda: spend.conditional_expected_average_profit(
            summary["frequency"], summary["monetary_value"]
        )
    )
    # Repeat occasions only: another sum than ours, so its likelihood is not compared.
    answer["gammagamma"] = {"summary": seconds, "fit": fit, "score": score, "ll": float("nan")}
    print(json.dumps(answer))


def fitted(summary, horizon):
    model = BetaGeoFitter()
    columns = [summary[name] for name in ("frequency", "recency", "T")]
    _, fit = timed(lambda: model.fit(*columns))

    def score():
        model.conditional_probability_alive(*columns)
        model.conditional_expected_number_of_purchases_up_to_time(horizon, *columns)

    # Their likelihood is one of scaled time; ours is one of days.
    stretched = float(summary["frequency"].mean() * np.log(model._scale))
    found = stretched - float(model._negative_log_likelihood_)
    return {"fit": fit, "score": timed(score)[1], "ll": found}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
