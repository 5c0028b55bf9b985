"""Programs for whoever builds and tests Selfcare; nothing here is part of the product."""
