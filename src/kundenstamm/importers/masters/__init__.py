"""Master data from files: customers and products, with what an undo must put back."""
