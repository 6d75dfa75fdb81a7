package dev.storemesh.ops.importer;

/// Names of the standard schema that importers fill.
final class Definitions {
    static final String DEPARTMENT = "retail.department";
    static final String DEPARTMENT_NAME = "retail.department.name";
    static final String DEPARTMENT_NUMBER = "retail.department.number";

    static final String ITEM = "retail.item";
    static final String ITEM_NAME = "retail.item.name";
    static final String ITEM_BARCODE = "retail.item.barcode";
    static final String ITEM_BRAND = "retail.item.brand";
    static final String ITEM_SIZE = "retail.item.size";
    static final String ITEM_PRICE = "retail.item.price";
    static final String ITEM_COST = "retail.item.cost";
    static final String ITEM_DEPARTMENT = "retail.item.department";
    static final String ITEM_SOLD_BY_WEIGHT = "retail.item.soldByWeight";
    static final String ITEM_FOODSTAMP = "retail.item.foodstamp";
    static final String ITEM_TAX = "retail.item.tax";
    static final String ITEM_TARE = "retail.item.tare";
    static final String ITEM_MODIFIED_AT = "retail.item.modifiedAt";

    private Definitions() {}
}
