"""Why a row is refused, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from kundenstamm.kit.words import gettext_noop


@dataclass(frozen=True)
class Refusal:
    """One reason. ``why`` and ``mend`` are shown beside row, column and value."""

    code: str
    why: str
    mend: str


REFUSALS = {
    refusal.code: refusal
    for refusal in (
        Refusal(
            "too_many_fields",
            gettext_noop("The row has more fields than the header."),
            gettext_noop("Put the field that holds the separator in quotation marks."),
        ),
        Refusal(
            "total_row",
            gettext_noop("This is a row of totals, not a sale."),
            gettext_noop("Nothing to mend: totals are added up anew."),
        ),
        Refusal(
            "no_customer",
            gettext_noop("The customer is missing."),
            gettext_noop(
                "Enter the customer's number, or leave the row out: cash sales have none."
            ),
        ),
        Refusal(
            "manual_booking",
            gettext_noop("This was booked by hand and has no customer."),
            gettext_noop("Enter the customer it belongs to, or leave it to the accounts."),
        ),
        Refusal(
            "stock_booking",
            gettext_noop("This moves stock: no customer, no amount."),
            gettext_noop("Nothing to mend: it is no sale."),
        ),
        Refusal(
            "no_date",
            gettext_noop("The date is missing."),
            gettext_noop("Enter the day of the document."),
        ),
        Refusal(
            "bad_date",
            gettext_noop("This is no date."),
            gettext_noop("Write it as 31.12.2025 or 2025-12-31."),
        ),
        Refusal(
            "far_date",
            gettext_noop("The date lies before 1970 or in the future."),
            gettext_noop("Correct the year."),
        ),
        Refusal(
            "no_amount",
            gettext_noop("The amount is missing."),
            gettext_noop("Enter the net amount, or quantity and unit price."),
        ),
        Refusal(
            "bad_number",
            gettext_noop("This is no number."),
            gettext_noop("Write it as 1.234,56 or 1234.56, without words."),
        ),
        Refusal(
            "too_large",
            gettext_noop("The amount is larger than a single line can be."),
            gettext_noop("Check the decimal comma."),
        ),
        Refusal(
            "test_article",
            gettext_noop("This is a test article."),
            gettext_noop("Nothing to mend, unless it was a real sale: then give it its number."),
        ),
        Refusal(
            "other_currency",
            gettext_noop("The currency is not the company's."),
            gettext_noop("Map a column with the exchange rate, or convert the amounts."),
        ),
        Refusal(
            "too_long",
            gettext_noop("The text is too long."),
            gettext_noop("Shorten it."),
        ),
        Refusal(
            "no_number",
            gettext_noop("The number is missing."),
            gettext_noop("Enter the number that the row is known by."),
        ),
        Refusal(
            "twice",
            gettext_noop("The number stands in the file more than once."),
            gettext_noop("Keep one row of each number; the first one is taken."),
        ),
        Refusal(
            "unknown_customer",
            gettext_noop("There is no customer with this number."),
            gettext_noop("Correct the number, or import the customer first."),
        ),
        Refusal(
            "unknown_activity",
            gettext_noop("There is no activity with this code."),
            gettext_noop("Use the code of an activity that is entered, or enter this one."),
        ),
        Refusal(
            "derived_activity",
            gettext_noop(
                "Activities of this kind are derived from documents or from what is recorded."
            ),
            gettext_noop("Nothing to mend: noted here as well, they would count twice."),
        ),
        Refusal(
            "unknown_interaction",
            gettext_noop("This is no kind of interaction."),
            gettext_noop("Use visit, call, mail, support, complaint, note or rival."),
        ),
        Refusal(
            "unknown_direction",
            gettext_noop("This does not say who began."),
            gettext_noop("Use we or they, or leave it empty."),
        ),
        Refusal(
            "minutes_of_a_day",
            gettext_noop("The minutes are negative or more than a day has."),
            gettext_noop("Enter the minutes of this one interaction, or leave them empty."),
        ),
        Refusal(
            "minutes_of_a_note",
            gettext_noop("What is only written down takes no minutes."),
            gettext_noop("Leave them empty, or say what it was: a visit, a call, support."),
        ),
        Refusal(
            "no_note",
            gettext_noop("The note is missing."),
            gettext_noop("Write down what there is to know."),
        ),
        Refusal(
            "unknown_author",
            gettext_noop("Nobody has this mail address or code."),
            gettext_noop("Use the mail address of an account or a representative's code."),
        ),
        Refusal(
            "nothing_owed",
            gettext_noop("The amount is nil or negative: nobody owes it."),
            gettext_noop("Leave credit notes out, or enter what was still owed."),
        ),
        Refusal(
            "no_channel",
            gettext_noop("The channel is missing."),
            gettext_noop("Enter the channel that it was spent on."),
        ),
        Refusal(
            "unknown_channel",
            gettext_noop("There is no channel of this name."),
            gettext_noop("Use the name of a channel that is entered, or enter this one."),
        ),
        Refusal(
            "unknown_campaign",
            gettext_noop("This channel has no campaign of this name."),
            gettext_noop("Enter the campaign first, or leave it empty."),
        ),
        Refusal(
            "no_reach",
            gettext_noop("Neither a channel nor a campaign is named."),
            gettext_noop("Enter the channel or the campaign that reached the customer."),
        ),
        Refusal(
            "one_campaign",
            gettext_noop("There is no campaign of this name, or several channels have one."),
            gettext_noop("Enter the channel as well, or the campaign first."),
        ),
        Refusal(
            "unknown_reach",
            gettext_noop("This is neither a touch nor an origin."),
            gettext_noop("Write touch or origin, or leave it empty for a touch."),
        ),
        Refusal(
            "unknown_pool",
            gettext_noop("There is no pool of this name."),
            gettext_noop("Use the name of a pool that is entered, or leave it empty."),
        ),
        Refusal(
            "nothing_spent",
            gettext_noop("Neither money nor hours were spent, or less than nothing."),
            gettext_noop("Enter an amount or hours above nil, or leave the row out."),
        ),
        Refusal(
            "bad_minutes",
            gettext_noop("The minutes are negative or more than a million."),
            gettext_noop("Enter the minutes of this one activity, or leave them empty."),
        ),
        Refusal(
            "bad_drivers",
            gettext_noop("The drivers do not fit the activity's time equation."),
            gettext_noop("Write them as lines=3; km=12, by the names in its time equation."),
        ),
        Refusal(
            "bad_share",
            gettext_noop("This is no share between -100 and 100 %."),
            gettext_noop("Write it as 35 % or 0,35."),
        ),
        Refusal(
            "unknown_link",
            gettext_noop("This is no link of the chain."),
            gettext_noop("Use wholesaler, dealer, agent or end customer."),
        ),
        Refusal(
            "circle",
            gettext_noop("The customer would supply himself by a detour."),
            gettext_noop("Correct who supplies whom, or end one of the links first."),
        ),
        Refusal(
            "no_dealer",
            gettext_noop("The dealer's number is missing."),
            gettext_noop("Enter the number of the dealer who reports."),
        ),
        Refusal(
            "unknown_dealer",
            gettext_noop("There is no customer with the dealer's number."),
            gettext_noop("Correct the number, or import the dealer as a customer first."),
        ),
        Refusal(
            "no_end_customer",
            gettext_noop("It is not said to whom the dealer sold."),
            gettext_noop("Enter the end customer's number, or else the name."),
        ),
        Refusal(
            "sold_to_itself",
            gettext_noop("Dealer and end customer are the same."),
            gettext_noop("Enter the number of whoever bought from the dealer."),
        ),
        Refusal(
            "bad_period",
            gettext_noop("The last day lies before the first, or more than a year after it."),
            gettext_noop("Enter both days of the time that the report is about."),
        ),
        Refusal(
            "bad_mail",
            gettext_noop("This is no mail address."),
            gettext_noop("Write it as name@company.example."),
        ),
    )
}
