"""What goods cost, line by line: posted where it is known, estimated where it is not.

The view ``ledger_line`` shows every entry of the ledger and, beside each sale or return whose
goods have no posted cost, one more line with the estimate. Estimates are never posted: they
vanish the moment a real cost is, and they follow the margin as it stands today.

The rule, for a line of gross sales or returns (levels 1 and 2):

- it has posted goods that still stand (an entry COGS, not itself reversed, caused by the line or
  by the line that it reverses): nothing more;
- else goods = −(1 − margin) × amount, to four decimals, with the margin of the product's
  category, or the company's overall margin where the category has none.

Each line is rounded by itself, so that sums over customers, days and products agree exactly.
A price reduction caused by such a line belongs to its net amount and carries its share of the
estimate; one given to the customer as a whole (a yearly bonus) lowers the price and not what the
goods cost, so it carries none.

A reversal gets the estimate of its line with the sign turned: together they are nothing, so
figures are called estimated where the estimates do not add up to zero.
"""

from __future__ import annotations

from kundenstamm.company.models import CompanyProfile

_OVERALL = CompanyProfile._meta.get_field("default_margin").get_default()


def _goods(amount: str) -> str:
    return f"""round(
           -(1 - coalesce(
               category.margin,
               (SELECT default_margin FROM company_companyprofile WHERE id = 1),
               {_OVERALL}
           )) * {amount},
           4
       )::numeric(18, 4)"""  # noqa: S608


def _lacks_goods(line: str) -> str:
    return f"""NOT EXISTS (
      SELECT FROM ledger_entry AS goods
      WHERE goods.caused_by_id = {line}
        AND goods.kind = 40
        AND goods.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM ledger_entry AS undone WHERE undone.reverses_id = goods.id)
  )"""  # noqa: S608


# Made of our own text and a Decimal default: there is nothing to inject.
CREATE = f"""
CREATE VIEW ledger_line AS
SELECT id, customer_id, date, kind, amount, quantity, product_id, source_id, document, line,
       false AS estimated
FROM ledger_entry
UNION ALL
SELECT entry.id, entry.customer_id, entry.date, 40::smallint, {_goods("entry.amount")},
       entry.quantity, entry.product_id, entry.source_id, entry.document, entry.line,
       true
FROM ledger_entry AS entry
LEFT JOIN ledger_product AS product ON product.id = entry.product_id
LEFT JOIN ledger_productcategory AS category ON category.id = product.category_id
WHERE entry.kind BETWEEN 10 AND 29
  AND {_lacks_goods("coalesce(entry.reverses_id, entry.id)")}
UNION ALL
SELECT entry.id, entry.customer_id, entry.date, 40::smallint, {_goods("entry.amount")},
       entry.quantity, sold.product_id, entry.source_id, entry.document, entry.line, true
FROM ledger_entry AS entry
JOIN ledger_entry AS sold ON sold.id = entry.caused_by_id AND sold.kind BETWEEN 10 AND 29
LEFT JOIN ledger_product AS product ON product.id = sold.product_id
LEFT JOIN ledger_productcategory AS category ON category.id = product.category_id
WHERE entry.kind BETWEEN 30 AND 39 AND {_lacks_goods("sold.id")};
"""  # noqa: S608

DROP = "DROP VIEW ledger_line;"
