"""Which columns play a part, in the order in which they are asked: the employer, the claim, the sum of each stage."""

EMPLOYER = ("单位名称", "务工单位", "填报单位", "创业实体")  # whoever employs, as a verdict names it
LISTED_EMPLOYER = ("参保单位", "单位名称", "务工单位")  # what a list may call a person's employer
FIRM = ("单位名称", "单位", "统一社会信用代码")  # by which a firm is found that somebody names
CLAIMS = ("申请金额", "核定金额", "发放金额")  # what is claimed: the first that is stated
# What leaves the treasury is what the last stage says: a claim that the approval cut down is no overpayment.
STAGES = ("发放金额", "核定金额", "申请金额", "申报金额", "贴息金额", "岗位补贴", "社保补贴")
